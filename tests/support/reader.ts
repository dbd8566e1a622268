/**
 * Reading a warehouse as commands do that answer: bare names mean what was published.
 */
import { searchPath } from '../../src/model/index.ts';
import type { Session, Warehouse } from '../../src/warehouse/contract.ts';

/** Runs `read` in a transaction in which bare names are found in these schemas; by default in those people query. */
export function reading<T>(
  warehouse: Warehouse,
  read: (session: Session) => Promise<T>,
  schemas?: readonly string[],
): Promise<T> {
  return warehouse.transaction(async (session) => {
    const path = (schemas ?? (await searchPath(session))).join(',');
    await session.execute(
      session.engine === 'duckdb' ? `set search_path = '${path}'` : `set local search_path = ${path}`,
    );
    return await read(session);
  });
}
