/**
 * One transaction on one connection.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { statementError } from './errors.ts';

/** Runs `work` between begin and commit; rolls back and throws what `work` threw when it fails. */
export async function inTransaction<T>(connection: DuckDBConnection, location: string, work: () => Promise<T>): Promise<T> {
  await run(connection, location, 'begin transaction');
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // The connection is closed next, which rolls back too: what `work` threw is what matters.
    await connection.run('rollback').catch(() => undefined);
    throw error;
  }
  await run(connection, location, 'commit');
  return result;
}

// --- internal ---

async function run(connection: DuckDBConnection, location: string, sql: string): Promise<void> {
  try {
    await connection.run(sql);
  } catch (error) {
    throw statementError(error, location);
  }
}
