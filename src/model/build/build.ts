/**
 * `build`: plan → run → audit → publish. Readers see the old state until everything is made and tested, then the new.
 */
import { isRevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { migrateState } from '../../warehouse/state/index.ts';
import { auditFailed } from './audit.ts';
import type { BuildOptions, BuildReport, ModelRun } from './build-options.ts';
import { readChanges } from '../changes/changes.ts';
import { compileProject } from '../compile/compile.ts';
import { deltasOf } from './deltas.ts';
import type { Library } from '../compile/functions.ts';
import { dropUnusedVersions, forgetVersions, installPublic, installVersions } from '../store/library.ts';
import { answersOf } from '../plan/answers.ts';
import { NOTHING } from './make-relation.ts';
import { prepareBuild, type PlannedRelation } from '../plan/plan.ts';
import { publishBuild } from './publish.ts';
import { runPlanned } from './run-planned.ts';
import { selectsOf } from './selects.ts';
import { endBuild, readBuilds, readPublished, startBuild, type BuildStatus } from '../store/state.ts';
import type { TestFailure } from './test-failure.ts';
import type { TableStates } from './table-state.ts';
import { dropTables, ensureStore, obsoleteTables, STORE } from '../store/store.ts';

/**
 * Brings every selected relation up to date and shows all at once. Call it under the lease. Throws MODEL_INVALID,
 * MODEL_UNKNOWN_RELATION, MODEL_CYCLE before anything is done; BUILD_FAILED, AUDIT_FAILED, CANCELLED with the old state
 * in place.
 */
export async function build(options: BuildOptions): Promise<BuildReport> {
  const { warehouse, now } = options;
  const compiled = options.compiled ?? (await compileProject(options.project, warehouse.engine));
  await migrateState(warehouse, now);
  const builds = await readBuilds(warehouse);
  const buildId = nextId(builds.keys());
  const prepared = await prepareBuild({ ...options, compiled }, buildId);
  const clockAt = String(prepared.rows.get('clock')?.[0]?.['now_at'] ?? '') || null;
  const answers = answersOf(compiled, prepared.plan, prepared.published);
  await startBuild(warehouse, { buildId, runId: options.runId, now: now(), clockAt, answers });
  await options.onStep?.('started');
  const report = await recordingFailure(warehouse, buildId, async () => {
    await dropObsolete(options, builds, false);
    await options.onStep?.('dropped orphans');
    const work = prepared.plan.relations.filter((planned) => planned.action !== 'skip');
    options.onEvent?.({ type: 'build_started', buildId, relations: prepared.plan.relations });
    if (work.length > 0 && (await installVersions(warehouse, compiled.library)) > 0)
      await options.onStep?.('installed functions');
    const states: TableStates = new Map();
    const selects = selectsOf(warehouse, compiled, prepared, buildId, states);
    const deltas = deltasOf({ warehouse, compiled, prepared, selects, states, buildId });
    const parts = new Map(prepared.parts);
    const whole = { options, compiled, prepared, selects, buildId, states, deltas, parts };
    const ran = await runPlanned(whole, work);
    const failed = ran.failures.filter((failure) => failure.severity === 'error');
    if (failed.length > 0) throw auditFailed(failed);
    const hasChanges = work.length > 0 || prepared.plan.removed.length > 0;
    if (hasChanges) {
      await publishBuild(whole, ran.runs);
    } else await endBuild(warehouse, buildId, 'unchanged', null);
    return reportOf(buildId, hasChanges, prepared.plan, ran);
  });
  if (report.status === 'published') {
    await options.onStep?.('published');
    await dropObsolete(options, new Map([...builds, [buildId, 'published']]), true);
    await tidyFunctions(options, compiled.library);
  }
  return report;
}

/**
 * Drops the tables that nothing needs: of builds that were killed, failed or taken back. Call it under the lease; gives
 * how many there were.
 */
export async function dropOrphans(warehouse: Warehouse, onEvent?: BuildOptions['onEvent']): Promise<number> {
  const before = (await warehouse.relations(STORE)).length;
  await dropObsolete({ warehouse, ...(onEvent === undefined ? {} : { onEvent }) }, await readBuilds(warehouse), false);
  return before - (await warehouse.relations(STORE)).length;
}

// --- internal ---

function nextId(ids: Iterable<string>): string {
  return `b${Math.max(0, ...[...ids].map((id) => Number(id.slice(1)) || 0)) + 1}`;
}

async function dropObsolete(
  { warehouse, onEvent }: Pick<BuildOptions, 'warehouse' | 'onEvent'>,
  builds: ReadonlyMap<string, string>,
  keepRemoved: boolean,
): Promise<void> {
  await ensureStore(warehouse);
  const tables = (await warehouse.relations(STORE)).map((relation) => relation.name);
  const current = new Set(
    [...(await readPublished(warehouse)).values()].flatMap((relation) => relation.physical ?? []),
  );
  for (const { table, reason } of await dropTables(warehouse, obsoleteTables(tables, current, builds, keepRemoved))) {
    onEvent?.({
      type: 'note',
      message: `the old table ${STORE}.${table} is still in use and stays until a later build: ${reason}`,
    });
  }
}

async function tidyFunctions({ warehouse, onEvent }: BuildOptions, library: Library): Promise<void> {
  const reason = await installPublic(warehouse, library);
  if (reason !== null)
    onEvent?.({ type: 'note', message: `the functions in schema revops keep their old form: ${reason}` });
  // what a rollback would show again keeps its functions
  const before = (await readChanges(warehouse)).flatMap((change) => change.before ?? []);
  await dropUnusedVersions(warehouse, library, [...(await readPublished(warehouse)).values(), ...before]);
}

async function recordingFailure<T>(warehouse: Warehouse, buildId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const status: BuildStatus = isRevopsError(error, 'AUDIT_FAILED') ? 'audit_failed' : 'failed';
    // without a warehouse the record stays `running`, which the next build reads as killed
    await endBuild(warehouse, buildId, status, null).catch(() => undefined);
    await forgetVersions(warehouse).catch(() => undefined);
    throw error;
  }
}

function reportOf(
  buildId: string,
  hasChanges: boolean,
  plan: { relations: PlannedRelation[]; removed: { schema: string; name: string }[] },
  ran: { runs: ReadonlyMap<string, ModelRun>; failures: TestFailure[] },
): BuildReport {
  return {
    buildId,
    status: hasChanges ? 'published' : 'unchanged',
    relations: plan.relations.map((planned) => ({
      ...planned,
      ...(ran.runs.get(planned.name) ?? { ...NOTHING, milliseconds: 0 }),
    })),
    warnings: ran.failures.filter((failure) => failure.severity === 'warning'),
    removed: plan.removed,
  };
}
