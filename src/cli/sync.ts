/**
 * `revops sync`: brings raw data up to date.
 */
import { recorded } from '../project/runs.ts';
import type { CommandContext, Options } from './context.ts';
import { lineageAsked } from './open-lineage.ts';
import { performSync } from './perform-sync.ts';
import { openProject, withLease } from './session.ts';
import { plainSyncReport, renderSyncReport, syncFailure } from './sync-report.ts';
import { checkTimeBudget } from './time-budget.ts';

export async function syncCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  checkTimeBudget(options);
  const project = await openProject(context);
  const report = await withLease(context, project, (warehouse) =>
    recorded(warehouse, context, project.runs, async (run) => {
      const lineage = lineageAsked(context, project, warehouse, options);
      const result = await performSync(context, project, warehouse, run, { select: words, options, lineage });
      return { result, status: result.status };
    }),
  );
  if (context.globals.json) context.terminal.printJson(plainSyncReport(report));
  else context.terminal.print(renderSyncReport(report, context.terminal.width));
  const failure = syncFailure(report);
  if (failure !== undefined) throw failure;
}
