/**
 * One relation of a plan made: in part where that can be, whole where it must, not at all where what it reads came out as
 * it was.
 */
import type { ModelRun } from './build-options.ts';
import { differences, partsOf } from './parts.ts';
import type { PlannedRelation } from './plan.ts';
import { isView, type Relation } from './relation.ts';
import type { BuildWork } from './build-work.ts';
import { cannotBuild, runRelation } from './run-relation.ts';
import { updateRelation, type Update } from './update.ts';

/** The record of a step that made no table. */
export const NOTHING: Omit<ModelRun, 'milliseconds'> = { rows: null, ran: null, written: null, removed: null };

/** Makes it, and notes in `work` what became of it. */
export async function makeRelation(
  work: BuildWork,
  step: PlannedRelation,
  relation: Relation,
): Promise<Omit<ModelRun, 'milliseconds'>> {
  const { options, prepared, compiled, selects, states, parts, buildId } = work;
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
  const isForced = prepared.forced.has(name);
  let because: string | undefined;
  if (!isForced && before !== undefined && relation.kind === 'model') {
    if (differences(before.parts, now).length === 0) return keep(work, name);
    if (step.mode === 'incremental' && before.physical !== null) {
      const update = await attempt(relation, () => updateRelation(work, relation, before.physical ?? '', before.parts));
      if (update.kind === 'unchanged') return keep(work, name);
      if (update.kind === 'updated') {
        states.set(name, update.state);
        return { rows: update.rows, ran: 'incremental', written: update.written, removed: update.removed };
      }
      because = update.because;
    }
  }
  states.set(name, { kind: 'rebuilt', isForced });
  const made = await runRelation(options.warehouse, selects, relation, rows.get(name) ?? []);
  return {
    rows: made,
    ran: 'full',
    written: made,
    removed: null,
    ...(because === undefined ? {} : { because }),
  };
}

// --- internal ---

function keep({ states }: BuildWork, name: string): Omit<ModelRun, 'milliseconds'> {
  states.set(name, { kind: 'kept' });
  return { ...NOTHING, ran: 'unchanged', written: 0, removed: 0 };
}

async function attempt(relation: Relation, work: () => Promise<Update>): Promise<Update> {
  try {
    return await work();
  } catch (error) {
    throw cannotBuild(relation, error);
  }
}
