/**
 * Which keys of a model are touched by what changed in what it reads, and its SQL over them alone.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from './build-work.ts';
import type { Change } from './deltas.ts';
import { markedKeys, rowsOfKeys, type KeyTable } from './key-sql.ts';
import { carriedKey, keyColumns } from '../compile/keys.ts';
import { rowsLookingAt, type KeyedRows } from '../compile/lookups.ts';
import { parentsOfKeys } from './parents-of-keys.ts';
import { rawTableName } from './raw-tables.ts';
import { rowsThatCame, type TouchedKeys } from './rows-that-came.ts';
import { type CompiledProject, type ModelRelation, type Relation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';
import type { Delta } from './table-state.ts';
import { TIME } from './time-part.ts';
import { marksOf, partOf } from './touched-by.ts';
import { wokenRows } from './wakes.ts';
import { makeWorkTable } from './work-table.ts';

export type Touched =
  | { kind: 'none' }
  /** It has to be computed whole, for that reason. */
  | { kind: 'all'; because: string }
  | { kind: 'keys'; keys: TouchedKeys; isMost(part: number): boolean; rows: number };

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
  const marks = marksOf(work, relation, before);
  const marked = touching.map((rows) => ({ ...rows, mark: marks(rows.part) }));
  const touched = await makeWorkTable(warehouse, name, markedKeys(columns, marked));
  if (touched === 0) return { kind: 'none' };
  const keyTable = { table: qualified({ schema: STORE, name }), columns };
  const { rows, withoutNull } = await lookAtKeys(warehouse, keyTable, table);
  // an endless share times no row is no number, and nothing is more than that
  const isMost = (part: number): boolean => part > (rebuildShare ?? MOST) * rows;
  if (isMost(touched)) return { kind: 'all', because: `${touched} keys touched, of ${rows} rows` };
  await onStep?.(`touched ${relation.name}`);
  const came = rowsThatCame(work, relation, touching);
  const keys = { ...keyTable, withoutNull, ...(came === undefined ? {} : { came }) };
  return { kind: 'keys', keys, isMost, rows };
}

/** The model's rows of some keys: its SQL over what its parents have for them. */
export function definitionOfKeys(work: BuildWork, relation: ModelRelation, touched: TouchedKeys): string {
  const { came } = touched;
  const parents = parentsOfKeys(work, relation, touched).map((shadow) =>
    came?.parent === shadow.name ? { ...shadow, sql: came.sql } : shadow,
  );
  const narrowed = work.selects.definitionOver(relation, parents);
  const own = keyColumns(relation).map((column) => column.name);
  return rowsOfKeys(work.options.warehouse, narrowed, relation.columns, touched, own);
}

// --- internal ---

/** Rows of touched keys, the part of the model's state by which they are known to be, and whose they are. */
type TouchingRows = KeyedRows & { part: string; of?: string; isNew?: boolean };

/** How many rows a SELECT gives, and which columns of a table of keys have no NULL, in one statement. */
async function lookAtKeys(
  warehouse: Warehouse,
  keys: KeyTable,
  select: string,
): Promise<{ rows: number; withoutNull: ReadonlySet<string> }> {
  const nulls = keys.columns.map(({ name }, index) => `count(*) - count(${identifier(name)}) as null_${index}`);
  const [found = {}] = await warehouse.query<Record<string, number>>(
    `select (select count(*) from (${select}\n) as counted) as row_count, ${nulls.join(', ')} from ${keys.table}`,
  );
  const whole = keys.columns.filter((_, index) => found[`null_${index}`] === 0);
  return { rows: found['row_count'] ?? 0, withoutNull: new Set(whole.map(({ name }) => name)) };
}

/** What a parent consists of: a feed of its arms. */
function sourcesOf(compiled: CompiledProject, parent: Relation): Relation[] {
  if (parent.kind !== 'feed') return [parent];
  return parent.parents.flatMap((name) => compiled.byName.get(name) ?? []);
}

/** Rows whose keys are touched; or why they cannot be told. */
async function touchingRows(work: BuildWork, relation: ModelRelation, before: Parts): Promise<TouchingRows[] | string> {
  const { compiled, deltas } = work;
  const found: TouchingRows[] = [];
  const add = (part: string, delta: Delta, names: readonly string[], of = ''): void =>
    void found.push({ part, sql: delta.removed, names, of }, { part, sql: delta.added, names, of, isNew: true });
  const own = keyColumns(relation).map((column) => column.name);
  if (relation.model.source !== undefined) {
    const change = await deltas.ofSource(relation, before);
    if (change === 'unknown') return 'what changed in its raw table is not known';
    if (change !== 'none') add(rawTableName(relation.model.source), change, own);
  }
  for (const name of relation.parents) {
    const parent = compiled.byName.get(name);
    // what a model reads of an input is among its parts: a change there never comes this far
    if (parent === undefined || parent.kind === 'input') continue;
    for (const source of sourcesOf(compiled, parent)) {
      const change: Change = await deltas.of(source.name, before);
      if (change === 'unknown') return `what changed in ${name} is not known`;
      if (change === 'none') continue;
      const names = carriedKey(relation, parent);
      if (names !== null) {
        add(partOf(source), change, names, name);
        continue;
      }
      const looking = await rowsLookingAt(work, relation, parent, source, change);
      if (looking === 'unmapped') return `${name} changed, and is read whole`;
      found.push(...looking.map((rows) => ({ ...rows, part: partOf(source) })));
    }
  }
  return [...found, ...wokenRows(work, relation, before).map((rows) => ({ ...rows, part: TIME }))];
}
