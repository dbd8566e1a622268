/**
 * The rows by which two states of a relation differ, in one table of the store: each row once, with how many more times it
 * is there now than it was; fewer is negative. json is text.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { identifier, identifiers, qualified } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { STORE } from '../store/store.ts';
import type { Delta } from './table-state.ts';
import { makeWorkTable } from './work-table.ts';

/** The kind of these tables: see `workName`. */
export const DELTA = 'delta';

/** How many more times a row is there. */
const COPIES = '_delta_copies';

/** The SELECTs of both sides of such a table: a row that came or went twice is there twice. */
export function deltaSides(table: string, columns: readonly string[]): { removed: string; added: string } {
  const names = identifiers(columns);
  const stored = qualified({ schema: STORE, name: table });
  const side = (copies: string): string =>
    `select ${names} from ${stored} where ${copies} > 0 union all select ${names} from ${stored}, lateral generate_series(2, ${copies}) as copies(_delta_copy) where ${copies} > 1`;
  return { removed: side(`-${COPIES}`), added: side(COPIES) };
}

/** The columns of the relation that such a table has; null where it is not there. */
export function deltaColumns(columns: readonly Column[] | null): Column[] | null {
  return columns?.filter(({ name }) => name !== COPIES) ?? null;
}

/**
 * Stores the difference of two SELECTs with the relation's columns. Each side is read once: what both hold cancels out.
 * Where nothing differs there is no table, and nothing to select.
 */
export async function storeDelta(
  warehouse: Warehouse,
  { columns }: { columns: readonly Column[] },
  { old, now }: { old: string; now: string },
  table: string,
): Promise<Delta> {
  const names = columns.map(({ name }) => name);
  const side = (select: string, sign: 1 | -1): string =>
    `select ${identifiers(names)}, ${sign} as _delta_side from (${comparable(columns, select)}\n) as side`;
  const rows = await makeWorkTable(
    warehouse,
    table,
    `select ${identifiers(names)}, cast(sum(_delta_side) as bigint) as ${COPIES} from (${side(now, 1)}\nunion all\n${side(old, -1)}) as sides group by ${identifiers(names)} having sum(_delta_side) <> 0`,
    { isKept: true },
  );
  const stored = qualified({ schema: STORE, name: table });
  const sides = deltaSides(table, names);
  if (rows === 0) {
    await warehouse.execute(`drop table ${stored}`);
    return { ...sides, removedRows: 0, addedRows: 0 };
  }
  const copies = (condition: string): string =>
    `cast(coalesce(sum(abs(${COPIES})) filter (where ${condition}), 0) as bigint)`;
  const [counted] = await warehouse.query<{ gone: number; come: number }>(
    `select ${copies(`${COPIES} < 0`)} as gone, ${copies(`${COPIES} > 0`)} as come from ${stored}`,
  );
  return { ...sides, removedRows: counted?.gone ?? 0, addedRows: counted?.come ?? 0 };
}

/** Stores the rows of a SELECT as those that come into a relation from which none goes. */
export async function storeAdded(
  warehouse: Warehouse,
  { columns }: { columns: readonly Column[] },
  select: string,
  table: string,
): Promise<Delta> {
  const added = `select *, cast(1 as bigint) as ${COPIES} from (${comparable(columns, select)}\n) as come`;
  const addedRows = await makeWorkTable(warehouse, table, added, { isKept: true });
  return {
    ...deltaSides(
      table,
      columns.map(({ name }) => name),
    ),
    removedRows: 0,
    addedRows,
  };
}

// --- internal ---

/** json has no equality on Postgres. */
function comparable(columns: readonly Column[], select: string): string {
  const outputs = columns.map(({ name, type }) =>
    type === 'json' ? `cast(${identifier(name)} as text) as ${identifier(name)}` : identifier(name),
  );
  return `select ${outputs.join(', ')} from (${select}\n) as compared`;
}
