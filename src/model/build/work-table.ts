import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { STORE } from '../store/store.ts';

const SMALL = 500;

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
  await learn(warehouse, table, rows);
  return rows;
}

/**
 * Lets the planner know a new table of so many rows. Of a small one Postgres takes a few hundred for granted, which does no
 * harm: to look would take longer than most of what is done with it.
 */
export async function learn(warehouse: Warehouse, table: string, rows: number): Promise<void> {
  if (warehouse.engine === 'postgres' && rows >= SMALL) await warehouse.execute(`analyze ${table}`);
}

/** The number of rows of a SELECT. */
export async function countRows(warehouse: Warehouse, select: string): Promise<number> {
  const [counted] = await warehouse.query<{ rows: number }>(`select count(*) as rows from (${select}\n) as counted`);
  return counted?.rows ?? 0;
}
