/**
 * What a query would give.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import type { Column } from '../types.ts';
import { logicalType } from './types.ts';

/** Columns a SELECT gives: it is prepared, not run. */
export async function describeQuery(connection: DuckDBConnection, sql: string): Promise<Column[]> {
  const prepared = await connection.prepare(sql);
  try {
    return Array.from({ length: prepared.columnCount }, (_, index) => {
      const name = prepared.columnName(index);
      return { name, type: logicalType(name, prepared.columnType(index)) };
    });
  } finally {
    prepared.destroySync();
  }
}
