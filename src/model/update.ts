/**
 * A keyed model brought up to date in part: the same SQL over what its parents hold of the touched keys. Nothing readers
 * see is changed here; publishing applies it.
 */
import { identifiers, qualified } from '../warehouse/sql.ts';
import type { Column } from '../warehouse/types.ts';
import { storeDelta, type Change } from './deltas.ts';
import { distinctKeys, rowsOfKeys, type KeyTable } from './key-sql.ts';
import { carriedKey, keyColumns } from './keys.ts';
import type { Parts } from './state.ts';
import type { ModelRelation } from './relation.ts';
import type { BuildWork } from './build-work.ts';
import { STORE, workName } from './store.ts';
import { tableSelect, type Delta, type TableState } from './table-state.ts';
import { wokenRows } from './wakes.ts';

export type Update =
  | { kind: 'unchanged' }
  | { kind: 'updated'; state: Extract<TableState, { kind: 'updated' }>; rows: number; written: number; removed: number }
  /** It has to be built whole, for that reason. */
  | { kind: 'full'; because: string };

/** Share of a table's rows above which it is built whole. */
const MOST = 0.3;

/** Computes the update of a model whose published table is `physical`, made from `before`. */
export async function updateRelation(
  work: BuildWork,
  relation: ModelRelation,
  physical: string,
  before: Parts,
): Promise<Update> {
  const { warehouse, onStep } = work.options;
  const { buildId } = work;
  const touching = await touchingRows(work, relation, before);
  if (typeof touching === 'string') return { kind: 'full', because: touching };
  if (touching.length === 0) return { kind: 'unchanged' };

  const keys = keyColumns(relation);
  const names = keys.map((column) => column.name);
  const place = (kind: string): string => workName(relation.name, buildId, kind);
  const store = async (kind: string, select: string): Promise<number> => {
    const table = qualified({ schema: STORE, name: place(kind) });
    await warehouse.execute(`drop table if exists ${table}`);
    await warehouse.execute(`create table ${table} as ${select}`);
    if (warehouse.engine === 'postgres') await warehouse.execute(`analyze ${table}`);
    return count(`select 1 as one from ${table}`);
  };
  const count = async (select: string): Promise<number> => {
    const [counted] = await warehouse.query<{ rows: number }>(`select count(*) as rows from (${select}\n) as counted`);
    return counted?.rows ?? 0;
  };
  const keyTable = (kind: string): KeyTable => ({
    table: qualified({ schema: STORE, name: place(kind) }),
    columns: keys,
  });

  const touched = keyTable('touched');
  const touchedKeys = await store('touched', distinctKeys(keys, touching));
  if (touchedKeys === 0) return { kind: 'unchanged' };
  const table = tableSelect(relation, physical);
  const rows = await count(table);
  // an endless share times no row is no number, and nothing is more than that
  const isMost = (part: number): boolean => part > (work.options.rebuildShare ?? MOST) * rows;
  if (isMost(touchedKeys)) return { kind: 'full', because: `${touchedKeys} keys touched, of ${rows} rows` };
  const oldRows = await store('old', rowsOfKeys(warehouse, table, relation.columns, touched, names));
  const old = tableSelect(relation, place('old'));
  if (isMost(oldRows)) return { kind: 'full', because: `${oldRows} of ${rows} rows touched` };
  await onStep?.(`touched ${relation.name}`);

  await store('fresh', rowsOfKeys(warehouse, shadowed(work, relation, touched), relation.columns, touched, names));
  const fresh = tableSelect(relation, place('fresh'));
  const delta = await storeDelta(warehouse, relation, { old, now: fresh }, place);
  if (delta.removedRows + delta.addedRows === 0) return { kind: 'unchanged' };
  await store(
    'changed',
    distinctKeys(keys, [
      { sql: delta.removed, names },
      { sql: delta.added, names },
    ]),
  );
  return {
    kind: 'updated',
    state: { kind: 'updated', delta, changed: keyTable('changed'), fresh: place('fresh') },
    rows: rows - delta.removedRows + delta.addedRows,
    written: delta.addedRows,
    removed: delta.removedRows,
  };
}

// --- internal ---

interface KeyedRows {
  sql: string;
  names: readonly string[];
}

/** Rows whose keys are touched; or why they cannot be told. */
async function touchingRows(work: BuildWork, relation: ModelRelation, before: Parts): Promise<KeyedRows[] | string> {
  const { compiled, deltas } = work;
  const found: KeyedRows[] = [];
  const add = (delta: Delta, names: readonly string[]): void =>
    void found.push({ sql: delta.removed, names }, { sql: delta.added, names });
  const own = keyColumns(relation).map((column) => column.name);
  if (relation.model.source !== undefined) {
    const change = await deltas.ofSource(relation, before);
    if (change === 'unknown') return 'what changed in its raw table is not known';
    if (change !== 'none') add(change, own);
  }
  for (const name of relation.parents) {
    const parent = compiled.byName.get(name);
    // what a model reads of an input is among its parts: a change there never comes this far
    if (parent === undefined || parent.kind === 'input') continue;
    const change: Change = await deltas.of(name, before);
    if (change === 'unknown') return `what changed in ${name} is not known`;
    if (change === 'none') continue;
    const names = carriedKey(relation, parent);
    if (names !== null) add(change, names);
    else if (await concerns(work, relation, parent.columns, change)) return `${name} changed, and is read whole`;
  }
  return [...found, ...wokenRows(work, relation, before)];
}

/** Whether a change of a lookup shows in the columns that the model names. */
async function concerns(
  { options }: BuildWork,
  relation: ModelRelation,
  columns: readonly Column[],
  { removed, added }: Delta,
): Promise<boolean> {
  const { columnNames, readsUnnamedColumns } = relation.parsed.analysis;
  const named = columns.filter((column) => columnNames.has(column.name));
  const read = readsUnnamedColumns || named.length === 0 ? columns : named;
  const part = (select: string): string =>
    `select ${identifiers(read.map((column) => column.name))} from (${select}) as part`;
  const [first] = await options.warehouse.query(
    `select 1 as found from ((${part(removed)} except all ${part(added)}) union all (${part(added)} except all ${part(removed)})) as difference limit 1`,
  );
  return first !== undefined;
}

/** The model over its parents, those that carry its key narrowed to the touched values. */
function shadowed({ options, compiled, selects }: BuildWork, relation: ModelRelation, touched: KeyTable): string {
  return selects.definitionOver(relation, (name) => {
    const parent = compiled.byName.get(name);
    const names = parent === undefined ? null : carriedKey(relation, parent);
    if (parent === undefined || names === null) return selects.reading(name);
    return rowsOfKeys(options.warehouse, selects.reading(name), parent.columns, touched, names);
  });
}
