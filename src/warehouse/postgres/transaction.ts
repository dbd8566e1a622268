/**
 * One transaction on one connection.
 */
import type { Client } from 'pg';

import { exclusive } from '../connections.ts';
import type { Session } from '../contract.ts';
import { ignoredFailure } from '../failures.ts';
import { statementError } from './errors.ts';
import { createSession } from './session.ts';

/** Runs `work` between begin and commit; rolls back and throws what `work` threw when it fails. */
export async function inTransaction<T>(
  connection: Client,
  location: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  await run(connection, location, 'begin');
  let result: T;
  try {
    result = await work(createSession(exclusive(connection), location, true));
  } catch (error) {
    // A broken connection is rolled back by the server: what `work` threw is what matters.
    await connection.query('rollback').catch(() => undefined);
    throw error;
  }
  const command = await run(connection, location, 'commit');
  // Postgres answers the commit of a failed transaction with a rollback, not with an error.
  if (command !== 'COMMIT') throw ignoredFailure();
  // Temporary tables and views are the transaction's, not the next user's of this connection.
  await run(connection, location, 'discard temp');
  return result;
}

// --- internal ---

async function run(connection: Client, location: string, sql: string): Promise<string> {
  try {
    return (await connection.query(sql)).command;
  } catch (error) {
    throw statementError(error, location);
  }
}
