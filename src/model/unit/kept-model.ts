/**
 * A model kept up to date load by load, by the code that builds use: the same decision between whole and in part, the same
 * update, the same way of applying it. What the model reads are tables of given rows.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { migrateState } from '../../warehouse/state/index.ts';
import type { Row } from '../../warehouse/types.ts';
import { applyUpdate } from '../build/apply-update.ts';
import type { RunMode } from '../build/build-options.ts';
import type { BuildWork } from '../build/build-work.ts';
import { mergesName, restatementsName } from '../compile/companions.ts';
import type { InputRow } from '../contract.ts';
import { deltasOf } from '../build/deltas.ts';
import { digest } from '../compile/digest.ts';
import { makeRelation } from '../build/make-relation.ts';
import { modeOf } from '../plan/mode.ts';
import { partsOf } from '../compile/parts.ts';
import type { PreparedBuild } from '../plan/plan.ts';
import { isKept, isView, type CompiledProject, type ModelRelation, type Relation } from '../relation.ts';
import { rowsSelect } from '../build/rows.ts';
import { selectsOf } from '../build/selects.ts';
import type { PublishedRelation } from '../store/state.ts';
import { keptName, physicalName, STORE } from '../store/store.ts';
import { tableSelect, type TableStates } from '../build/table-state.ts';
import type { Given } from './given.ts';
import { componentsOfCase, readBy, type Tested } from './tested.ts';

export interface KeptModel {
  /** Brings it to what its parents hold now; tells how, and why whole where it could have been in part. */
  load(given: Given): Promise<{ ran: RunMode; because?: string }>;
  rows(): Promise<Row[]>;
  /** Drops all its tables. */
  drop(): Promise<void>;
}

/**
 * A model that was never built, and what comes from it where that is tested. The warehouse needs the store and the function
 * library, nothing else. `asTable`: a ledger too is kept as a table, which shows what its SQL gives and not what was frozen.
 */
export function keptModel(
  warehouse: Warehouse,
  project: CompiledProject,
  tested: Tested,
  { asTable = false }: { asTable?: boolean } = {},
): KeptModel {
  const model = asTable || isView(tested.model) ? tableOf(tested.model) : tested.model;
  const components = asTable ? undefined : componentsOfCase(project, tested);
  const shown = asTable || tested.shown === tested.model ? model : tested.shown;
  const read = readBy(project, tested);
  const compiled = withGivenParents(project, model, read);
  const parents = read.flatMap((name) => compiled.byName.get(name) ?? []);
  const members: Relation[] = components === undefined ? [model] : [model, components];
  const logs = [
    ...(isKept(model) ? [restatementsName(model.name)] : []),
    ...(components === undefined ? [] : [mergesName(components.name)]),
  ].flatMap((name) => project.byName.get(name) ?? []);
  const published = new Map<string, PublishedRelation>();
  const digests = new Map<string, string>();
  let number = 0;

  async function load(all: Given): Promise<{ ran: RunMode; because?: string }> {
    number += 1;
    // a ledger has records of its columns and of what it froze
    if (number === 1 && isKept(model)) await migrateState(warehouse, now);
    const buildId = `b${number}`;
    const states: TableStates = new Map();
    const rows = new Map([...all].map(([name, of]) => [name, of.map((row): InputRow => row.values)]));
    const made: PublishedRelation[] = [];
    for (const parent of parents) {
      const given = rows.get(parent.name) ?? [];
      const isNew = digests.get(parent.name) !== digest(given);
      states.set(parent.name, isNew ? { kind: 'rebuilt', isForced: false } : { kind: 'kept' });
      if (!isNew) continue;
      digests.set(parent.name, digest(given));
      const table = physicalName(parent.name, buildId);
      const select = rowsSelect(warehouse, parent.name, parent.columns, given);
      await warehouse.execute(`create table ${qualified({ schema: STORE, name: table })} as ${select}`);
      made.push(publishedAs(parent, buildId, table));
    }
    const prepared: PreparedBuild = {
      plan: { relations: [], removed: [] },
      parts: new Map(),
      rows,
      rawTables: new Map(),
      published,
      forced: new Set(),
    };
    const selects = selectsOf(warehouse, compiled, prepared, buildId, states);
    const deltas = deltasOf({ warehouse, compiled, prepared, selects, states, buildId });
    // a case has few rows: any of them would be most
    const options = { warehouse, project: compiled.project, inputs: {}, now, runId: '', rebuildShare: Infinity };
    const work: BuildWork = { options, compiled, prepared, selects, buildId, states, deltas, parts: new Map() };
    let last: { ran: RunMode; because?: string } = { ran: 'full' };
    for (const relation of members) {
      const { name, schema, kind } = relation;
      const before = published.get(name);
      const buildOf = (other: string): string => {
        const became = states.get(other)?.kind;
        return became === 'rebuilt' || became === 'updated' ? buildId : (published.get(other)?.buildId ?? '');
      };
      const parts = partsOf(relation, new Map(), { compiled, rows, rawTables: prepared.rawTables, buildOf });
      const mode =
        before === undefined ? { mode: 'full' as const } : modeOf(relation, before, parts, { ...prepared, compiled });
      const run = await makeRelation(work, { name, schema, kind, action: 'run', reasons: [], ...mode }, relation);
      // what came out as it was is still the build that made it
      const madeBy = run.ran === 'unchanged' ? (before?.buildId ?? buildId) : buildId;
      made.push({
        ...publishedAs(relation, madeBy, selects.physical(name) ?? ''),
        parts: work.parts.get(name) ?? parts,
      });
      const because = run.because ?? ('because' in mode ? mode.because : undefined);
      last = { ran: run.ran ?? 'full', ...(because === undefined ? {} : { because }) };
    }
    for (const log of logs) await makeRelation(work, { ...log, action: 'run', reasons: [], mode: 'full' }, log);
    for (const own of [...members, ...logs])
      await applyUpdate(warehouse, warehouse, own, selects.physical(own.name), states.get(own.name));
    for (const relation of made) published.set(relation.name, relation);
    return last;
  }

  return {
    load,
    rows: () => {
      const table = isKept(shown) ? keptName(shown.name) : (published.get(shown.name)?.physical ?? '');
      return warehouse.query(tableSelect(shown, table));
    },
    async drop() {
      const tables = (await warehouse.relations(STORE)).map(({ name }) => qualified({ schema: STORE, name }));
      if (tables.length > 0) await warehouse.script(tables.map((table) => `drop table ${table};`).join('\n'));
      if (isKept(model)) await warehouse.execute('drop schema if exists revops cascade');
    },
  };
}

// --- internal ---

/** Builds write the time into their records; here are none. */
function now(): Date {
  return new Date(0);
}

function tableOf(own: ModelRelation): ModelRelation {
  return { ...own, model: { ...own.model, materialized: 'table' } };
}

/** The project as the model sees it: all that is read are tables without any SQL behind them. */
function withGivenParents(project: CompiledProject, model: ModelRelation, read: readonly string[]): CompiledProject {
  const { source: _, ...header } = model.model;
  const byName = new Map<string, Relation>(project.byName);
  byName.set(model.name, model);
  for (const name of read) {
    const parent = project.byName.get(name);
    if (parent === undefined || parent.kind === 'input') continue;
    const { schema, description, origin, file, grain, columns } = parent;
    const given = { ...header, name, materialized: 'table' as const, key: {}, wakesAt: [], grain, columns, tests: [] };
    byName.set(name, {
      ...{ kind: 'model', name, schema, description, origin, file, grain, columns, parents: [], tests: [] },
      parsed: model.parsed,
      model: given,
    });
  }
  return { ...project, byName };
}

function publishedAs({ schema, name, columns }: Relation, buildId: string, physical: string): PublishedRelation {
  const unknown = { tests: '', shown: null, rowCount: null, publishedAt: '' };
  return { schema, name, buildId, physical, parts: { definition: {}, data: {} }, columns, ...unknown };
}
