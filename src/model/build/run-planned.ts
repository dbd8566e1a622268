/**
 * The work of a plan: relations made in order, each tested as soon as everything its tests look at is there.
 */
import { RevopsError, messageOf } from '../../errors.ts';
import { runTest } from './audit.ts';
import type { BuildOptions, ModelRun } from './build-options.ts';
import type { BuildWork } from './build-work.ts';
import { ancestorsOf } from '../compile/graph.ts';
import { inOrder } from './in-order.ts';
import { makeRelation, NOTHING } from './make-relation.ts';
import type { TestFailure } from './test-failure.ts';
import { testsPart } from '../compile/parts.ts';
import type { PlannedRelation } from '../plan/plan.ts';
import type { Relation } from '../relation.ts';
import { testsLeft } from './row-tests.ts';
import { rawTableSizes, rowsRead } from './rows-read.ts';
import { recordModelRuns, type ModelRuns } from '../store/model-runs.ts';

/**
 * Runs what is planned, as much at once as the warehouse has room for. A relation whose test fails stops those that read
 * it, and no others: one build tells all it can about the data.
 */
export async function runPlanned(
  work: BuildWork,
  planned: readonly PlannedRelation[],
): Promise<{ runs: Map<string, ModelRun>; failures: TestFailure[] }> {
  const { compiled } = work;
  const { warehouse } = work.options;
  const runs = new Map<string, ModelRun>();
  const failures: TestFailure[] = [];
  const failed = new Set<string>();
  const waiting = new Map<string, Relation>();
  const raw = planned.length === 0 ? new Map<string, number>() : await rawTableSizes(warehouse);
  const unmade = new Set(planned.map(({ name }) => name));
  const above = new Map(planned.map(({ name }) => [name, ancestorsIn(work, name)]));
  const needs = (name: string): ReadonlySet<string> => above.get(name) ?? new Set();

  const records = recordModelRuns(warehouse);
  try {
    await inOrder(planned, { needs, atOnce: warehouse.statementsAtOnce }, async (step) => {
      const relation = compiled.byName.get(step.name);
      if (relation === undefined) return;
      stopIfCancelled(work.options);
      if ([...needs(step.name)].some((name) => failed.has(name))) {
        unmade.delete(step.name);
        failed.add(step.name);
        return;
      }
      runs.set(step.name, await runOne(work, step, relation, { runs, raw, records }));
      if (step.action === 'test' || needsTests(work, relation)) waiting.set(step.name, relation);
      unmade.delete(step.name);
      failures.push(...(await testReady(work, records, waiting, unmade, failed)));
    });
  } catch (error) {
    // what went wrong matters more than its record, which may be lost with the warehouse
    await records.flush().catch(() => undefined);
    throw error;
  }
  await records.flush();
  const order = new Map(planned.map(({ name }, index) => [name, index]));
  return { runs, failures: failures.toSorted((a, b) => (order.get(a.relation) ?? 0) - (order.get(b.relation) ?? 0)) };
}

// --- internal ---

function ancestorsIn({ compiled }: BuildWork, name: string): Set<string> {
  const parentsOf = (relation: string): readonly string[] => compiled.byName.get(relation)?.parents ?? [];
  return ancestorsOf(parentsOf(name), parentsOf);
}

async function runOne(
  work: BuildWork,
  step: PlannedRelation,
  relation: Relation,
  known: { runs: ReadonlyMap<string, ModelRun>; raw: ReadonlyMap<string, number>; records: ModelRuns },
): Promise<ModelRun> {
  const { options, buildId } = work;
  const { runId, now, onEvent, onStep } = options;
  const { records } = known;
  const { name, schema, reasons, action } = step;
  onEvent?.({ type: 'model_started', name, schema, reasons });
  await records.started({ runId, buildId, name, action, reason: reasons.join('; '), now: now() });
  const start = performance.now();
  try {
    const made = action === 'run' ? await makeRelation(work, step, relation) : NOTHING;
    const run = { ...made, milliseconds: performance.now() - start };
    const read = rowsRead(work, relation, run, known);
    records.ended({ buildId, name, status: 'ok', ...run, rowsRead: read, error: null, now: now() });
    onEvent?.({
      type: 'model_finished',
      name,
      schema,
      rows: run.rows,
      milliseconds: run.milliseconds,
      mode: run.ran,
      written: run.written,
    });
    await onStep?.(`made ${name}`);
    return run;
  } catch (error) {
    const run = { ...NOTHING, milliseconds: performance.now() - start };
    records.ended({ buildId, name, status: 'failed', ...run, rowsRead: null, error: messageOf(error), now: now() });
    throw error;
  }
}

/** A table that is as it was passes the tests that it passed, unless they changed or look at something that changed. */
function needsTests({ prepared, states }: BuildWork, relation: Relation): boolean {
  if (states.get(relation.name)?.kind !== 'kept') return true;
  if (prepared.published.get(relation.name)?.tests !== testsPart(relation)) return true;
  const actions = new Map(prepared.plan.relations.map((planned) => [planned.name, planned.action]));
  const reads = relation.tests.flatMap((test) => test.reads);
  return reads.some((name) => actions.get(name) === 'run' && states.get(name)?.kind !== 'kept');
}

/** Tests of the waiting relations whose other relations are not still to be made. */
async function testReady(
  work: BuildWork,
  records: ModelRuns,
  waiting: Map<string, Relation>,
  unmade: ReadonlySet<string>,
  failed: Set<string>,
): Promise<TestFailure[]> {
  const failures: TestFailure[] = [];
  for (const [name, relation] of waiting) {
    const reads = relation.tests.flatMap((test) => test.reads);
    if (reads.some((other) => unmade.has(other))) continue;
    waiting.delete(name);
    if (reads.some((other) => failed.has(other))) continue;
    const own = await testOne(work, records, relation);
    if (own.some((failure) => failure.severity === 'error')) failed.add(name);
    failures.push(...own);
  }
  return failures;
}

async function testOne(work: BuildWork, records: ModelRuns, relation: Relation): Promise<TestFailure[]> {
  const { options, buildId, prepared } = work;
  const hasPassed = prepared.published.get(relation.name)?.tests === testsPart(relation);
  const failures: TestFailure[] = [];
  for (const index of await testsLeft(work, relation, hasPassed)) {
    stopIfCancelled(options);
    const failure = await runTest(work, relation, index, hasPassed);
    if (failure === null) continue;
    failures.push(failure);
    options.onEvent?.({ type: 'test_failed', failure });
  }
  if (failures.length > 0) {
    const status = failures.some(({ severity }) => severity === 'error') ? 'failed' : 'warned';
    const tests = failures.map(({ severity, test, count }) => `${severity}: ${test} found ${count}`);
    records.tested({ buildId, name: relation.name, status, tests });
  }
  await options.onStep?.(`tested ${relation.name}`);
  return failures;
}

function stopIfCancelled({ signal }: BuildOptions): void {
  if (signal?.aborted === true)
    throw new RevopsError('CANCELLED', 'the build was stopped; readers keep the last good state');
}
