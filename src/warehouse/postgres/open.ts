/**
 * Postgres as a warehouse.
 */
import type { PostgresConfig } from '../config.ts';
import type { OpenOptions, Session, Warehouse } from '../contract.ts';
import { locationOf, openPool } from './connection.ts';
import { leaseHolder, takeLease } from './lease.ts';
import { publish } from './publish.ts';
import { createSession } from './session.ts';
import { inTransaction } from './transaction.ts';
import { typeName } from './types.ts';
import { vacuumTables } from './vacuum.ts';
import { widen } from './widen.ts';

/** A warehouse in a Postgres database. Connects once, so that a wrong URL is told now. */
export async function openPostgres(config: PostgresConfig, options: OpenOptions): Promise<Warehouse> {
  const location = locationOf(config.url.reveal());
  const pool = openPool(config, options, location);
  try {
    pool.release(await pool.acquire('statement'));
  } catch (error) {
    await pool.close();
    throw error;
  }
  const session = createSession(pool, location, false);
  return {
    ...session,
    location,
    // the other half of the pool is for what each of them asks meanwhile
    statementsAtOnce: Math.floor(pool.size / 2),
    typeName,
    publish,
    widen,
    async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
      const connection = await pool.acquire('statement');
      try {
        return await inTransaction(connection, location, work);
      } finally {
        pool.release(connection);
      }
    },
    lease: (command, timeoutMs) => takeLease(config, location, command, timeoutMs),
    holder: () => leaseHolder(session),
    vacuum: async (only) => (only === undefined ? vacuumTables(session) : null),
    sparing: (work) => pool.byKey(work),
    close: () => pool.close(),
  };
}
