/**
 * What a query would give.
 */
import { StatementType, type DuckDBConnection } from '@duckdb/node-api';

import { RevopsError } from '../../errors.ts';
import type { Column } from '../types.ts';
import { logicalType } from './types.ts';

/**
 * Columns a SELECT gives: it is prepared, not run. What is none throws WAREHOUSE_READ_ONLY: COPY and EXPORT write files
 * even where the database itself is open for reading only.
 */
export async function describeQuery(connection: DuckDBConnection, sql: string): Promise<Column[]> {
  const prepared = await connection.prepare(sql);
  try {
    if (prepared.statementType !== StatementType.SELECT && prepared.statementType !== StatementType.EXPLAIN) {
      throw new RevopsError('WAREHOUSE_READ_ONLY', `not a SELECT but ${StatementType[prepared.statementType]}`);
    }
    return Array.from({ length: prepared.columnCount }, (_, index) => {
      const name = prepared.columnName(index);
      return { name, type: logicalType(name, prepared.columnType(index)) };
    });
  } finally {
    prepared.destroySync();
  }
}
