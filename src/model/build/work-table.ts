import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { STORE } from '../store/store.ts';

/**
 * Makes a table of the store that only one build works with, and gives the number of its rows. `isKept`: what it says is
 * kept for a while.
 */
export async function makeWorkTable(
  warehouse: Warehouse,
  name: string,
  select: string,
  { isKept = false } = {},
): Promise<number> {
  const table = qualified({ schema: STORE, name });
  // what a crash may empty is dropped by the next build anyway
  const unlogged = warehouse.engine === 'postgres' && !isKept ? 'unlogged ' : '';
  const rows = await warehouse.execute(`create ${unlogged}table ${table} as ${select}`);
  if (warehouse.engine === 'postgres') await warehouse.execute(`analyze ${table}`);
  return rows;
}

/** The number of rows of a SELECT. */
export async function countRows(warehouse: Warehouse, select: string): Promise<number> {
  const [counted] = await warehouse.query<{ rows: number }>(`select count(*) as rows from (${select}\n) as counted`);
  return counted?.rows ?? 0;
}
