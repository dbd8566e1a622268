/**
 * `revops run`: sync and build under one lease.
 */
import type { CommandContext, Options } from './context.ts';
import { lineageAsked } from './open-lineage.ts';
import { performBuild } from './perform-build.ts';
import { performSync } from './perform-sync.ts';
import { openProject, withLease } from './session.ts';
import { renderBuildReport } from './build-report.ts';
import { plainSyncReport, renderSyncReport, syncFailure } from './sync-report.ts';

/** What could be loaded is built even where a stream failed; the command then ends with that stream's error. */
export async function runCommand(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const project = await openProject(context);
  const { synced, built } = await withLease(context, project, async (warehouse) => {
    const lineage = lineageAsked(context, project, warehouse, options);
    const report = await performSync(context, project, warehouse, [], options, lineage);
    const failure = syncFailure(report);
    if (!context.globals.json) context.terminal.print(`${renderSyncReport(report, context.terminal.width)}\n`);
    if (failure !== undefined && report.status === 'failed') throw failure;
    context.signal.throwIfAborted();
    return { synced: report, built: await performBuild(context, project, warehouse, { lineage }) };
  });
  if (context.globals.json) context.terminal.printJson({ sync: plainSyncReport(synced), build: built });
  else context.terminal.print(renderBuildReport(built, context.terminal.width));
  const failure = syncFailure(synced);
  if (failure !== undefined) throw failure;
}
