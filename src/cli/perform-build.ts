/**
 * One build inside an open session, with progress.
 */
import { build, readWarehouseState, type BuildEvent, type BuildOptions, type BuildReport } from '../model/index.ts';
import type { ModelProject } from '../model/contract.ts';
import { messageOf } from '../errors.ts';
import { lockName } from '../attribution/index.ts';
import { guardLock } from '../project/attribution.ts';
import { requireIdentitySecret } from '../project/identity.ts';
import { engineInputs } from '../project/inputs.ts';
import type { Project } from '../project/load.ts';
import { compileModels } from '../project/overlay.ts';
import { rememberOrForget } from '../project/remembered.ts';
import type { OpenRun } from '../project/runs.ts';
import { checksOf, recordShown } from '../quality/index.ts';
import type { Warehouse } from '../warehouse/contract.ts';
import type { OpenLineage } from '../project/open-lineage.ts';
import type { CommandContext } from './context.ts';
import { followBuild } from './open-lineage.ts';
import { renderTestFailure } from './failing-rows.ts';
import { count, duration, plural } from './format.ts';

/** What to build, and how. */
export interface BuildRequest extends Pick<BuildOptions, 'select' | 'exclude' | 'fullRefresh'> {
  /** Where events go as OpenLineage has them. */
  lineage?: OpenLineage | null;
}

export async function performBuild(
  context: CommandContext,
  project: Project,
  warehouse: Warehouse,
  { runId, note }: OpenRun,
  { lineage = null, ...options }: BuildRequest,
): Promise<BuildReport> {
  const compiled = await compileModels(project);
  const listen = await listener(context, runId);
  const follower = lineage === null ? null : followBuild(lineage, compiled, context.now());
  const onEvent = (event: BuildEvent): void => {
    listen(event);
    follower?.onEvent(event);
  };
  try {
    const { missing } = await guardLock(project, compiled, warehouse);
    if (missing !== undefined) {
      context.terminal.warn(
        `attribution.lock.json is missing, though the warehouse was on ${lockName(missing)}: nothing is locked, and marginal CAC is refused. Restore the file, or run revops lock create.`,
      );
    }
    await requireIdentitySecret(project, warehouse);
    const inputs = await engineInputs(project, compiled.project, warehouse, context.now());
    const report = await build({
      warehouse,
      project: compiled.project,
      compiled,
      inputs,
      now: context.now,
      runId,
      ...options,
      signal: context.signal,
      onEvent,
    });
    if (report.status === 'published') {
      // for plans without the warehouse
      await rememberOrForget(project, context.now(), async () => ({
        state: await readWarehouseState(warehouse, compiled),
        inputs,
      }));
    }
    await recordChecks(context, warehouse, compiled.project);
    await note({ build: report.buildId });
    follower?.end();
    await compact(context, warehouse);
    // people were shown the rows that failed a test, where they watch; a report goes into files
    return { ...report, warnings: report.warnings.map((warning) => ({ ...warning, examples: [] })) };
  } catch (error) {
    follower?.end(error);
    throw error;
  }
}

// --- internal ---

/** A DuckDB file above this size is compacted where it is larger than 1.4 times what it holds: so it stays within 1.5 times of a fresh copy. */
const LOOSE = { above: 1.4, atLeastBytes: 64_000_000 };

/** What is published stands, whatever becomes of the file's size. */
async function compact({ terminal }: CommandContext, warehouse: Warehouse): Promise<void> {
  try {
    const bytes = await warehouse.vacuum(LOOSE);
    if (bytes !== null)
      terminal.say(`compacted the file: ${count(bytes.before / 1e6)} MB before, ${count(bytes.after / 1e6)} MB after`);
  } catch (error) {
    terminal.warn(`the file could not be compacted: ${messageOf(error)}; revops vacuum tries again`);
  }
}

/** What is published stands, and is judged by its own checks: the record says since when. */
async function recordChecks(context: CommandContext, warehouse: Warehouse, models: ModelProject): Promise<void> {
  const { terminal } = context;
  try {
    const fresh = await recordShown(warehouse, checksOf(models), context.now());
    const errors = Map.groupBy(
      fresh.filter(({ severity }) => severity === 'error'),
      ({ check }) => check,
    );
    for (const [check, [first, ...others]] of errors) {
      const more = others.length === 0 ? '' : `, and ${others.length} more`;
      terminal.warn(`${check}: ${first?.subject ?? ''} ${first?.detail ?? ''}${more}; revops check says what to do`);
    }
  } catch (error) {
    terminal.warn(`what the checks found could not be recorded: ${messageOf(error)}`);
  }
}

async function listener(context: CommandContext, runId: string): Promise<(event: BuildEvent) => void> {
  if (context.globals.json) {
    const { openLog } = await import('./progress-log.ts');
    const log = openLog(context, runId);
    return ({ type, ...rest }) => (type === 'test_failed' ? log.warn(withoutRows(rest), type) : log.info(rest, type));
  }
  return (event) => {
    const line = buildLine(event, context);
    if (line !== undefined) context.terminal.say(line);
  };
}

/** The line for an event; undefined where none is worth it. */
function buildLine(event: BuildEvent, { terminal, globals }: CommandContext): string | undefined {
  switch (event.type) {
    case 'build_started':
      return startLine(event.relations.filter(({ action }) => action === 'run').length);
    case 'model_finished':
      if (!globals.verbose) return undefined;
      return `${event.schema}.${event.name}: ${madeOf(event)} in ${duration(event.milliseconds)}`;
    case 'test_failed':
      return renderTestFailure(event.failure, terminal);
    case 'removed':
      return `${event.schema}.${event.name}: removed, the project has it no more`;
    case 'recreated':
      return `${event.schema}.${event.name}: made anew because its columns changed; grants on it have to be given again`;
    case 'note':
      return event.message;
    default:
      return undefined;
  }
}

function madeOf({ rows, mode }: { rows: number | null; mode: string | null }): string {
  if (mode === 'unchanged') return 'unchanged';
  if (rows === null) return 'view';
  return `${count(rows)} rows${mode === 'incremental' ? ', updated' : ''}`;
}

function startLine(relations: number): string | undefined {
  return relations === 0 ? undefined : `building ${plural(relations, 'relation')}`;
}

/** Failing rows hold data of people: not for a log. */
function withoutRows(rest: object): object {
  const { failure } = rest as { failure: object };
  return { failure: { ...failure, examples: undefined } };
}
