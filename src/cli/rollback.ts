/**
 * `revops rollback`: the last published build taken back.
 */
import { readWarehouseState, rollback } from '../model/index.ts';
import { engineInputs } from '../project/inputs.ts';
import { compileModels } from '../project/overlay.ts';
import { rememberOrForget } from '../project/remembered.ts';
import { recorded } from '../project/runs.ts';
import { recordShown } from '../quality/index.ts';
import type { CommandContext, Options } from './context.ts';
import { plural } from './format.ts';
import { openProject, withLease } from './session.ts';

export async function rollbackCommand(
  context: CommandContext,
  _words: readonly string[],
  options: Options,
): Promise<void> {
  const project = await openProject(context);
  const report = await withLease(context, project, (warehouse) =>
    recorded(warehouse, context, project.runs, async (run) => {
      const done = await rollback({ warehouse, keepLedgers: options['keepLedgers'] === true });
      await rememberOrForget(project, context.now(), async () => {
        const compiled = await compileModels(project);
        return {
          state: await readWarehouseState(warehouse, compiled),
          inputs: await engineInputs(project, compiled.project, warehouse, context.now()),
        };
      });
      await recordShown(warehouse, [], context.now());
      await run.note({ rolledBack: done.buildId, shown: done.shown });
      return { result: done, status: 'ok' };
    }),
  );
  if (context.globals.json) return context.terminal.printJson(report);
  const { buildId, shown, relations, ledgers } = report;
  const kept = ledgers.length === 0 ? '' : ` Rows it wrote stay in ${ledgers.join(', ')}.`;
  context.terminal.print(
    `Build ${buildId} was taken back; ${shown === null ? 'nothing is shown any more' : `build ${shown} is shown again`} (${plural(relations.length, 'relation')}).${kept}`,
  );
  context.terminal.say('The next build starts from there: correct what was wrong first, or it gives the same again.');
}
