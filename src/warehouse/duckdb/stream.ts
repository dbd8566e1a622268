/**
 * A result read in pieces, as DuckDB makes them.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import type { Value } from '../types.ts';
import { bound, rowReader } from './values.ts';

/** Rows in chunks. The connection can run nothing else meanwhile. */
export async function* readStream<R extends object>(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly Value[],
): AsyncGenerator<R[]> {
  const result = await connection.stream(sql, ...bound(parameters));
  const read = rowReader(result);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    yield read(chunk) as R[];
  }
}
