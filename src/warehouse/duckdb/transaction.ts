/**
 * One transaction on one connection.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { exclusive } from '../connections.ts';
import type { Session } from '../contract.ts';
import { ignoredFailure } from '../failures.ts';
import { statementError } from './errors.ts';
import { createSession } from './session.ts';

/** Runs `work` between begin and commit; rolls back and throws what `work` threw when it fails. */
export async function inTransaction<T>(
  connection: DuckDBConnection,
  location: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  let failed = false;
  await run(connection, location, 'begin transaction');
  let result: T;
  try {
    result = await work(createSession(exclusive(connection), location, () => (failed = true)));
    // DuckDB would commit what came before and after; Postgres does not. Here neither does.
    if (failed) throw ignoredFailure();
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
