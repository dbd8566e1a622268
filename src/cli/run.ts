/**
 * `revops run`: sync and build under one lease, and the alerts about what they left wrong.
 */
import type { BuildReport } from '../model/index.ts';
import { requireWebhook } from '../project/alert-settings.ts';
import type { Project } from '../project/load.ts';
import { recorded } from '../project/runs.ts';
import type { Trust } from '../quality/index.ts';
import type { SyncReport } from '../sync/contract.ts';
import { openAlerting } from './alert.ts';
import { renderBuildReport } from './build-report.ts';
import type { CommandContext, Options } from './context.ts';
import { lineageAsked } from './open-lineage.ts';
import { performBuild } from './perform-build.ts';
import { performSync } from './perform-sync.ts';
import { summariseRun, summaryLine } from './run-summary.ts';
import { selectionOf } from './selection.ts';
import { openProject, withLease } from './session.ts';
import { plainSyncReport, renderSyncReport, syncFailure } from './sync-report.ts';
import { checkTimeBudget } from './time-budget.ts';
import { readTrust } from './trust.ts';

/**
 * What could be loaded is built even where a stream failed or time ran out; the command then ends with that error. The
 * last line says all in one; with --quiet it is the only one.
 */
export async function runCommand(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const began = performance.now();
  const { terminal, globals } = context;
  checkTimeBudget(options);
  const project = await openProject(context);
  requireWebhook(project);
  const alerting = openAlerting(context, project);
  const { synced, built, trust } = await runOnce(context, project, options).catch(async (error: unknown) => {
    await alerting.failed(error);
    throw error;
  });
  await alerting.ended(synced, trust);
  const summary = summariseRun(synced, built, trust, performance.now() - began);
  if (globals.json) terminal.printJson({ summary, sync: plainSyncReport(synced), build: built });
  else {
    if (!globals.quiet) terminal.print(`${renderBuildReport(built, terminal.width)}\n`);
    terminal.print(summaryLine(summary));
  }
  const failure = syncFailure(synced);
  if (failure !== undefined) throw failure;
}

// --- internal ---

interface Ran {
  synced: SyncReport;
  built: BuildReport;
  trust: Trust;
}

function runOnce(context: CommandContext, project: Project, options: Options): Promise<Ran> {
  const { terminal, globals } = context;
  return withLease(context, project, (warehouse) =>
    recorded(warehouse, context, project.runs, async (run) => {
      const lineage = lineageAsked(context, project, warehouse, options);
      const synced = await performSync(context, project, warehouse, run, { options, lineage });
      const failure = syncFailure(synced);
      if (!globals.json && !globals.quiet) terminal.print(`${renderSyncReport(synced, terminal.width)}\n`);
      if (failure !== undefined && synced.status === 'failed') throw failure;
      context.signal.throwIfAborted();
      const built = await performBuild(context, project, warehouse, run, { ...selectionOf([], options), lineage });
      return { result: { synced, built, trust: await readTrust(context, project, warehouse) }, status: synced.status };
    }),
  );
}
