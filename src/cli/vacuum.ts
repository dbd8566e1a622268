/**
 * `revops vacuum`: space given back.
 */
import { RevopsError } from '../errors.ts';
import { dropOrphans } from '../model/index.ts';
import { forgetRuns, recorded } from '../project/runs.ts';
import type { CommandContext, Options } from './context.ts';
import { decimal, plural } from './format.ts';
import { openProject, withLease } from './session.ts';

export async function vacuumCommand(
  context: CommandContext,
  _words: readonly string[],
  options: Options,
): Promise<void> {
  const days = daysOf(options['runs']);
  const project = await openProject(context);
  const { terminal } = context;
  const report = await withLease(context, project, (warehouse) =>
    recorded(warehouse, context, project.runs, async (run) => {
      const dropped = await dropOrphans(warehouse, (event) => {
        if (event.type === 'note') terminal.say(event.message);
      });
      const before = days === undefined ? null : new Date(context.now().getTime() - days * DAY_MS);
      const forgotten = before === null ? 0 : await forgetRuns(warehouse, before);
      const bytes = (await warehouse.vacuum()) ?? { before: 0, after: 0 };
      await run.note({ dropped, forgotten, bytes });
      return { result: { dropped, forgotten, bytes }, status: 'ok' };
    }),
  );
  if (context.globals.json) return terminal.printJson(report);
  const { dropped, forgotten, bytes } = report;
  const parts = [
    ...(dropped === 0 ? [] : [`${plural(dropped, 'table')} dropped`]),
    ...(forgotten === 0 ? [] : [`${plural(forgotten, 'record')} of runs forgotten`]),
    `${megabytes(bytes.before)} before, ${megabytes(bytes.after)} after`,
  ];
  terminal.print(`Vacuumed: ${parts.join(', ')}.`);
}

// --- internal ---

const DAY_MS = 86_400_000;

function daysOf(written: Options[string]): number | undefined {
  if (written === undefined) return undefined;
  const days = Number(written);
  if (Number.isInteger(days) && days >= 1) return days;
  throw new RevopsError('USAGE', `--runs: ${JSON.stringify(written)} is no number of days`, {
    hint: 'Give a whole number from 1.',
  });
}

function megabytes(bytes: number): string {
  return `${decimal(bytes / 1_000_000)} MB`;
}
