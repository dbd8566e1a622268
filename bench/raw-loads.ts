/**
 * Raw tables filled by the warehouse itself, and left as syncs leave them: loads, hashes, replaced rows in the history.
 */
import { shapeOf, type StreamShape } from '../src/sync/shape.ts';
import { ensureRawTables } from '../src/sync/raw-table.ts';
import type { Connector } from '../src/connector/contract.ts';
import type { Warehouse } from '../src/warehouse/contract.ts';
import { identifier, identifiers, qualified } from '../src/warehouse/sql.ts';
import { state, statement } from '../src/warehouse/state/index.ts';
import type { RawRows } from './company-rows.ts';

/** Loads that brought what is there at first. */
const FIRST_LOADS = 36;

/** Makes the tables and puts in what three years brought; gives the number of rows. */
export async function fillTables(
  warehouse: Warehouse,
  connectors: readonly Connector[],
  tables: readonly RawRows[],
  at: string,
): Promise<number> {
  let loads = 0;
  let rows = 0;
  for (const table of tables) {
    const shape = shapeFor(connectors, table);
    await ensureRawTables(warehouse, shape);
    const load = `'20260228T050000_' || lpad(cast(${loads} + i * ${FIRST_LOADS} / ${table.rows} as text), 12, '0')`;
    const filled = await insert(warehouse, shape, table, 0, table.rows, load);
    await recordLoads(warehouse, shape, loads, FIRST_LOADS, filled, at);
    if (warehouse.engine === 'postgres') await warehouse.execute(`vacuum analyze ${qualified(shape.table)}`);
    loads += FIRST_LOADS;
    rows += filled;
  }
  return rows;
}

/** Puts in what one day more brings: new rows, and changed ones whose old versions go into the history. */
export async function loadNextDay(
  warehouse: Warehouse,
  connectors: readonly Connector[],
  tables: readonly RawRows[],
  at: string,
): Promise<{ added: number; changed: number }> {
  let loads = tables.length * FIRST_LOADS;
  const sum = { added: 0, changed: 0 };
  for (const table of tables) {
    const shape = shapeFor(connectors, table);
    const changed = await change(warehouse, shape, table, loadId(loads), at);
    const added = await insert(warehouse, shape, table, table.rows, table.rows + table.more, `'${loadId(loads)}'`);
    if (added + changed > 0) await recordLoads(warehouse, shape, loads, 1, added + changed, at);
    loads += 1;
    sum.added += added;
    sum.changed += changed;
  }
  return sum;
}

// --- internal ---

function shapeFor(connectors: readonly Connector[], { connector, stream }: RawRows): StreamShape {
  const found = connectors.find(({ name }) => name === connector)?.streams.find(({ name }) => name === stream);
  if (found === undefined) throw new Error(`no stream ${connector}.${stream}`);
  return shapeOf(connector, found);
}

function loadId(number: number): string {
  return `20260228T050000_${String(number).padStart(12, '0')}`;
}

async function insert(
  warehouse: Warehouse,
  shape: StreamShape,
  { columns, where }: RawRows,
  from: number,
  to: number,
  load: string,
): Promise<number> {
  const unknown = Object.keys(columns).find((name) => !shape.columns.some((column) => column.name === name));
  if (unknown !== undefined) throw new Error(`${shape.stream} has no column ${unknown}`);
  const given = shape.columns.filter(({ name }) => columns[name] !== undefined);
  const values = given.map(({ name, type }) => `cast(${columns[name] ?? 'null'} as ${warehouse.typeName(type)})`);
  const hash = 'substr(md5(cast(i as text)), 1, 22)';
  const sql = `insert into ${qualified(shape.table)} (${identifiers(given.map(({ name }) => name))}, _row_hash, _load_id, _deleted)
    select ${values.join(', ')}, ${hash}, ${load}, false
    from generate_series(cast(${from} as bigint), cast(${to - 1} as bigint)) as numbers(i)
    ${where === undefined ? '' : `where ${where}`}`;
  return to > from ? warehouse.execute(whole(warehouse, sql)) : 0;
}

/** As a sync does: the old versions copied, then deleted, the new ones put in. */
async function change(
  warehouse: Warehouse,
  shape: StreamShape,
  { changed }: RawRows,
  load: string,
  at: string,
): Promise<number> {
  if (changed === undefined) return 0;
  const { table, history } = shape;
  const names = [...shape.columns.map(({ name }) => name), '_extra', '_row_hash', '_load_id', '_deleted'];
  return warehouse.transaction(async (session) => {
    await session.execute(
      `create temporary table revops_changed as select ${identifiers(names)} from ${qualified(table)} where ${changed.where}`,
    );
    const count = await session.execute(
      `insert into ${qualified(history)} (${identifiers(names)}, _replaced_by, _replaced_at) select ${identifiers(names)}, '${load}', timestamptz '${at}' from revops_changed`,
    );
    await session.execute(`delete from ${qualified(table)} where ${changed.where}`);
    const set: Record<string, string> = { ...changed.set, _load_id: `'${load}'`, _row_hash: `md5(_row_hash)` };
    const values = names.map((name) => `${set[name] ?? identifier(name)} as ${identifier(name)}`);
    await session.execute(
      `insert into ${qualified(table)} (${identifiers(names)}) select ${values.join(', ')} from revops_changed`,
    );
    await session.execute('drop table revops_changed');
    return count;
  });
}

async function recordLoads(
  warehouse: Warehouse,
  { connector, stream, mode }: StreamShape,
  first: number,
  count: number,
  rows: number,
  at: string,
): Promise<void> {
  const time = new Date(at);
  const loads = Array.from({ length: count }, (_, index) => ({
    load_id: loadId(first + index),
    load_number: first + index + 1,
    run_id: 'bench',
    connector,
    stream,
    partition_key: '{}',
    slice: '',
    mode,
    started_at: time,
    committed_at: time,
    rows_read: Math.ceil(rows / count),
    rows_loaded: Math.ceil(rows / count),
    rows_unchanged: 0,
    rows_rejected: 0,
    rows_deleted: 0,
    rows_vanished: 0,
  }));
  await warehouse.execute(...statement(state('loads').insert(loads)));
}

/** `/` divides whole numbers on Postgres; DuckDB writes that `//`. */
function whole(warehouse: Warehouse, sql: string): string {
  return warehouse.engine === 'duckdb' ? sql.replaceAll(' / ', ' // ') : sql;
}
