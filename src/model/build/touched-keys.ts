/**
 * Which keys of a model are touched by what changed in what it reads, and its SQL over them alone.
 */
import { qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from './build-work.ts';
import type { Change } from './deltas.ts';
import { distinctKeys, rowsOfKeys, type KeyTable } from './key-sql.ts';
import { carriedKey, keyColumns } from '../compile/keys.ts';
import { rowsLookingAt, type KeyedRows } from '../compile/lookups.ts';
import type { ModelRelation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';
import type { Delta } from './table-state.ts';
import { wokenRows } from './wakes.ts';
import { countRows, makeWorkTable } from './work-table.ts';

export type Touched =
  | { kind: 'none' }
  /** It has to be computed whole, for that reason. */
  | { kind: 'all'; because: string }
  | { kind: 'keys'; keys: KeyTable; isMost(part: number): boolean; rows: number };

/** Share of a table's rows above which it is built whole. */
const MOST = 0.3;

/** The keys touched since `before`; `table` selects the rows the model has now. */
export async function touchedKeys(
  work: BuildWork,
  relation: ModelRelation,
  before: Parts,
  table: string,
): Promise<Touched> {
  const { warehouse, rebuildShare, onStep } = work.options;
  const touching = await touchingRows(work, relation, before);
  if (typeof touching === 'string') return { kind: 'all', because: touching };
  if (touching.length === 0) return { kind: 'none' };
  const columns = keyColumns(relation);
  const name = workName(relation.name, work.buildId, 'touched');
  const touched = await makeWorkTable(warehouse, name, distinctKeys(columns, touching));
  if (touched === 0) return { kind: 'none' };
  const rows = await countRows(warehouse, table);
  // an endless share times no row is no number, and nothing is more than that
  const isMost = (part: number): boolean => part > (rebuildShare ?? MOST) * rows;
  if (isMost(touched)) return { kind: 'all', because: `${touched} keys touched, of ${rows} rows` };
  await onStep?.(`touched ${relation.name}`);
  return { kind: 'keys', keys: { table: qualified({ schema: STORE, name }), columns }, isMost, rows };
}

/** The model's rows of some keys: its SQL over its parents, those that carry its key narrowed to them. */
export function definitionOfKeys(
  { options, compiled, selects }: BuildWork,
  relation: ModelRelation,
  touched: KeyTable,
): string {
  const narrowed = selects.definitionOver(relation, (name) => {
    const parent = compiled.byName.get(name);
    const names = parent === undefined ? null : carriedKey(relation, parent);
    if (parent === undefined || names === null) return selects.reading(name);
    return rowsOfKeys(options.warehouse, selects.reading(name), parent.columns, touched, names);
  });
  const own = keyColumns(relation).map((column) => column.name);
  return rowsOfKeys(options.warehouse, narrowed, relation.columns, touched, own);
}

// --- internal ---

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
    if (names !== null) {
      add(change, names);
      continue;
    }
    const looking = await rowsLookingAt(work, relation, parent, change);
    if (looking === 'unmapped') return `${name} changed, and is read whole`;
    found.push(...looking);
  }
  return [...found, ...wokenRows(work, relation, before)];
}
