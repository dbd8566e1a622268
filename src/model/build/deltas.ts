/**
 * What changed in the relations a model reads, since the model was built last.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import type { Column } from '../../warehouse/types.ts';
import { unionAll } from './bind.ts';
import { DELTA, storeDelta } from './delta-table.ts';
import { keyColumns } from '../compile/keys.ts';
import { distinctKeys, rowsOfKeys } from './key-sql.ts';
import { passesOn } from '../lineage/passed.ts';
import type { Parts } from '../store/state.ts';
import type { PreparedBuild } from '../plan/plan.ts';
import { oldSourceSelect, rawTableName, sourceSelect, type RawTable } from './raw-tables.ts';
import { isView, type CompiledProject, type ModelRelation, type Relation } from '../relation.ts';
import type { Selects } from './selects.ts';
import { physicalName, STORE, workName } from '../store/store.ts';
import { tableSelect, type Delta, type TableStates } from './table-state.ts';
import { makeWorkTable } from './work-table.ts';

/** `unknown`: there is something, but nobody can say what. */
export type Change = 'none' | 'unknown' | Delta;

export interface Deltas {
  /** The change of a relation since the state that `before` records. */
  of(name: string, before: Parts): Promise<Change>;
  /** The change of the rows that a staging model gives of its raw table. */
  ofSource(relation: ModelRelation, before: Parts): Promise<Change>;
  /** The change of a table built whole, where somebody asked for it; undefined else. */
  ofRebuilt(name: string): Promise<Change | undefined>;
}

export function deltasOf(context: {
  warehouse: Warehouse;
  compiled: CompiledProject;
  prepared: PreparedBuild;
  selects: Selects;
  states: TableStates;
  buildId: string;
}): Deltas {
  const { warehouse, compiled, prepared, selects, states, buildId } = context;
  const known = new Map<string, Promise<Change>>();

  async function of(name: string, before: Parts): Promise<Change> {
    const relation = compiled.byName.get(name);
    if (relation === undefined) return 'unknown';
    if (relation.kind === 'feed') return unionOf(relation, before);
    return isView(relation) && relation.kind === 'model' ? ofSource(relation, before) : ofTable(relation, before);
  }

  async function unionOf(feed: Relation, before: Parts): Promise<Change> {
    const arms: Change[] = [];
    for (const name of feed.parents) arms.push(await of(name, before));
    if (arms.includes('unknown')) return 'unknown';
    const changed = arms.filter((arm) => typeof arm !== 'string');
    if (changed.length === 0) return 'none';
    const columns = comparableColumns(feed.columns);
    return {
      removed: unionAll(
        changed.map((arm) => arm.removed),
        columns,
      ),
      added: unionAll(
        changed.map((arm) => arm.added),
        columns,
      ),
      removedRows: changed.reduce((sum, arm) => sum + arm.removedRows, 0),
      addedRows: changed.reduce((sum, arm) => sum + arm.addedRows, 0),
    };
  }

  async function ofSource(relation: ModelRelation, before: Parts): Promise<Change> {
    const { source } = relation.model;
    if (source === undefined) return 'unknown';
    const name = rawTableName(source);
    const table = prepared.rawTables.get(name);
    const since = before.data[name];
    if (table === undefined || since === undefined) return 'unknown';
    if (String(table.version) === since) return 'none';
    if (!table.isTracked) return 'unknown';
    return remembered(`${relation.name}@${since}`, async () => {
      const suffix = `_${known.size}`;
      const [replaced, after] = await sidesOf(relation, source, table, Number(since), suffix);
      // each is compared twice, so it is worth a table
      const old = await stored(relation, `old${suffix}`, selects.definitionOver(relation, replaced));
      const now = await stored(relation, `now${suffix}`, selects.definitionOver(relation, after));
      return compare(relation, old, now, suffix);
    });
  }

  /**
   * The raw rows to compute it from, as they were and as they are: of what looks at one row at a time the changed ones, of
   * what has a key those of the keys of the changed ones, else all.
   */
  async function sidesOf(
    relation: ModelRelation,
    source: NonNullable<ModelRelation['model']['source']>,
    table: RawTable,
    since: number,
    suffix: string,
  ): Promise<[replaced: string, after: string]> {
    const changed: [string, string] = [
      oldSourceSelect(warehouse, source, table, since, 'changed'),
      sourceSelect(warehouse, source, table, since),
    ];
    if (relation.parsed.isRowWise) return changed;
    const all: [string, string] = [
      oldSourceSelect(warehouse, source, table, since, 'all'),
      sourceSelect(warehouse, source, table),
    ];
    const declared = Object.entries(source.columns).map(([name, type]) => ({ name, type }));
    const columns = keyColumns(relation).filter(({ name, type }) => source.columns[name] === type);
    const names = columns.map(({ name }) => name);
    if (columns.length === 0 || columns.length < keyColumns(relation).length || !passesOn(relation, names)) return all;
    const keys = workName(relation.name, buildId, `keys${suffix}`);
    await makeWorkTable(
      warehouse,
      keys,
      distinctKeys(
        columns,
        changed.map((sql) => ({ sql, names })),
      ),
    );
    const touched = { table: qualified({ schema: STORE, name: keys }), columns };
    return [
      rowsOfKeys(warehouse, all[0], declared, touched, names),
      rowsOfKeys(warehouse, all[1], declared, touched, names),
    ];
  }

  async function ofTable(relation: Relation, before: Parts): Promise<Change> {
    const { name } = relation;
    const state = states.get(name);
    const published = prepared.published.get(name);
    // built meanwhile without the model that asks
    if (published === undefined || before.data[`build of ${name}`] !== published.buildId) return 'unknown';
    if (state === undefined || state.kind === 'kept') return 'none';
    // rows that stay are put beside what another kind of table held before
    if (state.kind === 'updated') return selects.physical(name) === published.physical ? state.delta : 'unknown';
    const { physical, columns } = published;
    if (physical === null || state.isForced || !isSameColumns(columns, relation.columns)) return 'unknown';
    return remembered(name, () =>
      compare(relation, tableSelect(relation, physical), tableSelect(relation, physicalName(name, buildId)), ''),
    );
  }

  async function stored(relation: Relation, kind: string, select: string): Promise<string> {
    const name = workName(relation.name, buildId, kind);
    await warehouse.execute(`create table ${qualified({ schema: STORE, name })} as ${select}`);
    return tableSelect(relation, name);
  }

  function remembered(key: string, make: () => Promise<Change>): Promise<Change> {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  }

  async function compare(relation: Relation, old: string, now: string, suffix: string): Promise<Change> {
    const delta = await storeDelta(
      warehouse,
      relation,
      { old, now },
      workName(relation.name, buildId, `${DELTA}${suffix}`),
    );
    return delta.removedRows + delta.addedRows === 0 ? 'none' : delta;
  }

  return { of, ofSource, ofRebuilt: async (name) => known.get(name) };
}

// --- internal ---

function comparableColumns(columns: readonly Column[]): Column[] {
  return columns.map(({ name, type }) => ({ name, type: type === 'json' ? 'text' : type }));
}

function isSameColumns(before: readonly Column[], now: readonly Column[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ name, type }, index) => now[index]?.name === name && now[index].type === type)
  );
}
