/**
 * One relation of a plan made: in part where that can be, whole where it must, not at all where what it reads came out as
 * it was.
 */
import type { ModelRun, RunMode } from './build-options.ts';
import type { BuildWork } from './build-work.ts';
import { restatementsName } from '../compile/companions.ts';
import { updateComponents } from '../components/component-update.ts';
import { makeComponents } from '../components/components.ts';
import { changeOfEdges } from '../components/edge-changes.ts';
import { extendLedger } from '../ledger/ledger.ts';
import { appendToLog, ensureLog } from '../store/log.ts';
import { differences, partsOf } from '../compile/parts.ts';
import type { PlannedRelation } from '../plan/plan.ts';
import { isView, type ComponentsRelation, type ModelRelation, type Relation } from '../relation.ts';
import { cannotBuild, runRelation } from './run-relation.ts';
import type { Parts } from '../store/state.ts';
import { keptName } from '../store/store.ts';
import { tableSelect } from './table-state.ts';
import { touchedKeys } from './touched-keys.ts';
import { updateRelation, type Update } from './update.ts';
import { emptyRelation } from './bind.ts';
import { countRows } from './work-table.ts';

/** The record of a step that made no table. */
export const NOTHING: Omit<ModelRun, 'milliseconds'> = { rows: null, ran: null, written: null, removed: null };

/** Makes it, and notes in `work` what became of it. */
export async function makeRelation(
  work: BuildWork,
  step: PlannedRelation,
  relation: Relation,
): Promise<Omit<ModelRun, 'milliseconds'>> {
  const { prepared, compiled, states, parts, buildId } = work;
  const { name } = relation;
  const buildOf = (parent: string): string => {
    const kind = states.get(parent)?.kind;
    return kind === 'rebuilt' || kind === 'updated' ? buildId : (prepared.published.get(parent)?.buildId ?? '');
  };
  const { rows, rawTables, published } = prepared;
  const now = partsOf(relation, parts, { compiled, rows, rawTables, buildOf });
  parts.set(name, now);
  if (isView(relation)) return NOTHING;
  const before = published.get(name);
  const way = wayOf(work, relation);
  let because: string | undefined;
  try {
    if (!prepared.forced.has(name) && before !== undefined && relation.kind !== 'input') {
      if (differences(before.parts, now).length === 0) return keep(work, name);
      if (step.mode === 'incremental' && before.physical !== null && way.part !== undefined) {
        const update = await way.part(before.physical, before.parts);
        if (update.kind === 'unchanged') return keep(work, name);
        if (update.kind === 'updated') return done(work, name, update, 'incremental');
        because = update.because;
      }
    }
    const made = await way.whole();
    const why = because === undefined ? {} : { because };
    if ('kind' in made) return { ...done(work, name, made, 'full'), ...why };
    states.set(name, { kind: 'rebuilt', isForced: prepared.forced.has(name) });
    return { rows: made.rows, ran: 'full', written: made.rows, removed: null, ...why };
  } catch (error) {
    throw cannotBuild(relation, error);
  }
}

// --- internal ---

type Updated = Extract<Update, { kind: 'updated' }>;

/** How a kind of relation is made. */
interface Way {
  /** Its table brought up to date from what changed in what it reads. */
  part?(physical: string, before: Parts): Promise<Update>;
  /** A new table of this build with all its rows; or what all of them change in a table that stays. */
  whole(): Promise<{ rows: number | null } | Updated>;
}

function wayOf(work: BuildWork, relation: Relation): Way {
  if (relation.kind === 'log') return { part: () => logged(work, relation), whole: () => firstLogged(work, relation) };
  if (relation.kind === 'components') return componentsWay(work, relation);
  if (relation.kind === 'model' && relation.model.materialized === 'ledger') return ledgerWay(work, relation);
  return {
    ...(relation.kind === 'model'
      ? { part: (physical: string, before: Parts) => updateRelation(work, relation, physical, before) }
      : {}),
    whole: () => newTable(work, relation),
  };
}

async function newTable(work: BuildWork, relation: Relation): Promise<{ rows: number | null }> {
  const { options, prepared, selects, states } = work;
  // from here on its name means the new table
  states.set(relation.name, { kind: 'rebuilt', isForced: prepared.forced.has(relation.name) });
  return { rows: await runRelation(options.warehouse, selects, relation, prepared.rows.get(relation.name) ?? []) };
}

function componentsWay(work: BuildWork, relation: ComponentsRelation): Way {
  return {
    async part(physical, before) {
      const changes = await changeOfEdges(work, relation, before);
      if (changes === 'none') return { kind: 'unchanged' };
      return 'because' in changes
        ? { kind: 'full', because: changes.because }
        : updateComponents(work, relation, physical, changes);
    },
    async whole() {
      return { rows: await makeComponents(work, relation) };
    },
  };
}

function ledgerWay(work: BuildWork, relation: ModelRelation): Way {
  return {
    async part(physical, before) {
      const touched = await touchedKeys(work, relation, before, tableSelect(relation, physical));
      if (touched.kind === 'none') return { kind: 'unchanged' };
      if (touched.kind === 'all') return { kind: 'full', because: touched.because };
      const extended = await extendLedger(work, relation, touched.keys);
      const isSilent = extended.written === 0 && !work.states.has(restatementsName(relation.name));
      return isSilent ? { kind: 'unchanged' } : extended;
    },
    whole: () => extendLedger(work, relation, null),
  };
}

async function logged(work: BuildWork, relation: Relation): Promise<Update> {
  const state = work.states.get(relation.name);
  if (state?.kind !== 'updated') return { kind: 'unchanged' };
  const { warehouse } = work.options;
  const written = await countRows(warehouse, tableSelect(relation, state.fresh));
  const before = await countRows(warehouse, tableSelect(relation, keptName(relation.name)));
  return { kind: 'updated', state, rows: before + written, read: written, written, removed: 0 };
}

async function firstLogged(work: BuildWork, relation: Relation): Promise<Updated> {
  await ensureLog(work, relation.name);
  if (!work.states.has(relation.name)) {
    await appendToLog(work, relation, emptyRelation(work.options.warehouse, relation.columns));
  }
  const update = await logged(work, relation);
  if (update.kind !== 'updated') throw new TypeError(`${relation.name} has no rows to append`);
  return update;
}

function done(work: BuildWork, name: string, update: Updated, ran: RunMode): Omit<ModelRun, 'milliseconds'> {
  work.states.set(name, update.state);
  const { rows, read, written, removed } = update;
  return { rows, ran, read, written, removed };
}

function keep({ states }: BuildWork, name: string): Omit<ModelRun, 'milliseconds'> {
  states.set(name, { kind: 'kept' });
  return { ...NOTHING, ran: 'unchanged', written: 0, removed: 0 };
}
