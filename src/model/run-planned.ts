/**
 * The work of a plan: relations made in order, each tested as soon as everything its tests look at is there.
 */
import { RevopsError, messageOf } from '../errors.ts';
import { runTest, type TestFailure } from './audit.ts';
import type { BuildOptions } from './build-options.ts';
import { ancestorsOf } from './graph.ts';
import type { PlannedRelation, PreparedBuild } from './plan.ts';
import type { CompiledProject, Relation } from './relation.ts';
import { runRelation } from './run-relation.ts';
import type { Selects } from './selects.ts';
import { endModelRun, startModelRun } from './state.ts';

export interface BuildWork {
  options: BuildOptions;
  compiled: CompiledProject;
  prepared: PreparedBuild;
  selects: Selects;
  buildId: string;
}

export interface ModelRun {
  rows: number | null;
  milliseconds: number;
}

/**
 * Runs what is planned. A relation whose test fails stops those that read it, and no others: one build tells all it can
 * about the data.
 */
export async function runPlanned(
  work: BuildWork,
  planned: readonly PlannedRelation[],
): Promise<{ runs: Map<string, ModelRun>; failures: TestFailure[] }> {
  const { compiled } = work;
  const runs = new Map<string, ModelRun>();
  const failures: TestFailure[] = [];
  const failed = new Set<string>();
  const waiting = new Map<string, Relation>();
  const todo = new Set(planned.map(({ name }) => name));
  for (const step of planned) {
    const relation = compiled.byName.get(step.name);
    if (relation === undefined) continue;
    stopIfCancelled(work.options);
    const above = ancestorsOf(relation.parents, (name) => compiled.byName.get(name)?.parents ?? []);
    todo.delete(step.name);
    if ([...above].some((name) => failed.has(name))) {
      failed.add(step.name);
      continue;
    }
    runs.set(step.name, await runOne(work, step, relation));
    waiting.set(step.name, relation);
    failures.push(...(await testReady(work, waiting, todo, failed)));
  }
  return { runs, failures };
}

// --- internal ---

async function runOne(
  { options, prepared, selects, buildId }: BuildWork,
  step: PlannedRelation,
  relation: Relation,
): Promise<ModelRun> {
  const { warehouse, runId, onEvent, onStep } = options;
  const { name, schema, reasons, action } = step;
  onEvent?.({ type: 'model_started', name, schema, reasons });
  await startModelRun(warehouse, { runId, buildId, name, action, reason: reasons.join('; ') });
  const start = performance.now();
  try {
    const rows =
      action === 'run' ? await runRelation(warehouse, selects, relation, prepared.rows.get(name) ?? []) : null;
    const milliseconds = performance.now() - start;
    await endModelRun(warehouse, { buildId, name, status: 'ok', rows, milliseconds, error: null });
    onEvent?.({ type: 'model_finished', name, schema, rows, milliseconds });
    await onStep?.(`made ${name}`);
    return { rows, milliseconds };
  } catch (error) {
    const ended = {
      buildId,
      name,
      status: 'failed' as const,
      rows: null,
      milliseconds: performance.now() - start,
      error: messageOf(error),
    };
    await endModelRun(warehouse, ended).catch(() => undefined);
    throw error;
  }
}

/** Tests of the waiting relations whose other relations are not still to be made. */
async function testReady(
  work: BuildWork,
  waiting: Map<string, Relation>,
  todo: ReadonlySet<string>,
  failed: Set<string>,
): Promise<TestFailure[]> {
  const failures: TestFailure[] = [];
  for (const [name, relation] of waiting) {
    const reads = relation.tests.flatMap((test) => test.reads);
    if (reads.some((other) => todo.has(other))) continue;
    waiting.delete(name);
    if (reads.some((other) => failed.has(other))) continue;
    const own = await testOne(work, relation);
    if (own.some((failure) => failure.severity === 'error')) failed.add(name);
    failures.push(...own);
  }
  return failures;
}

async function testOne({ options, selects, buildId }: BuildWork, relation: Relation): Promise<TestFailure[]> {
  const failures: TestFailure[] = [];
  for (const index of relation.tests.keys()) {
    stopIfCancelled(options);
    const failure = await runTest(options.warehouse, selects, relation, index, buildId);
    if (failure === null) continue;
    failures.push(failure);
    options.onEvent?.({ type: 'test_failed', failure });
  }
  await options.onStep?.(`tested ${relation.name}`);
  return failures;
}

function stopIfCancelled({ signal }: BuildOptions): void {
  if (signal?.aborted === true)
    throw new RevopsError('CANCELLED', 'the build was stopped; readers keep the last good state');
}
