/**
 * `revops build`: builds the models and publishes them at once.
 */
import { recorded } from '../project/runs.ts';
import { renderBuildReport } from './build-report.ts';
import type { CommandContext, Options } from './context.ts';
import { lineageAsked } from './open-lineage.ts';
import { performBuild } from './perform-build.ts';
import { selectionOf } from './selection.ts';
import { openProject, withLease } from './session.ts';

export async function buildCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const project = await openProject(context);
  const report = await withLease(context, project, (warehouse) =>
    recorded(warehouse, context, project.runs, async (run) => {
      const result = await performBuild(context, project, warehouse, run, {
        ...selectionOf(words, options),
        fullRefresh: options['fullRefresh'] === true,
        lineage: lineageAsked(context, project, warehouse, options),
      });
      return { result, status: result.status };
    }),
  );
  if (context.globals.json) context.terminal.printJson(report);
  else context.terminal.print(renderBuildReport(report, context.terminal.width));
}
