/**
 * `revops runs`: what ran, how it ended, with how many rows.
 */
import { RevopsError } from '../errors.ts';
import { readRun, readRuns, type RunRecordDetail, type RunSummary } from '../project/run-records.ts';
import { stateVersion } from '../warehouse/state/index.ts';
import type { CommandContext, Options } from './context.ts';
import { count, duration, plural } from './format.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable } from './table.ts';

const SHOWN = 20;

export async function runsCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const [action = 'list', id] = words;
  const limit = Number(options['limit'] ?? SHOWN);
  if (!['list', 'show'].includes(action) || (action === 'show') !== (id !== undefined)) {
    throw new RevopsError(
      'USAGE',
      `revops runs ${words.join(' ')}: there is \`revops runs\` and \`revops runs show <id>\``,
      {
        hint: '`revops runs` lists the ids.',
      },
    );
  }
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RevopsError('USAGE', `--limit: ${JSON.stringify(options['limit'])} is no number of runs`, {
      hint: 'Give a whole number from 1.',
    });
  }
  const project = await openProject(context);
  const { terminal, globals } = context;
  await withWarehouse(context, project, { readOnly: true }, async (warehouse) => {
    if ((await stateVersion(warehouse)) === 0) {
      return globals.json ? terminal.printJson([]) : terminal.print('Nothing ran yet.');
    }
    const isHeld = (await warehouse.holder()) !== null;
    if (id !== undefined) {
      const run = await readRun(warehouse, id, isHeld);
      return globals.json ? terminal.printJson(run) : terminal.print(renderRun(run, terminal.width));
    }
    const runs = await readRuns(warehouse, limit, isHeld);
    return globals.json ? terminal.printJson(runs) : terminal.print(renderRuns(runs, context.now(), terminal.width));
  });
}

// --- internal ---

const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });

function renderRuns(runs: readonly RunSummary[], now: Date, width: number): string {
  const year = now.toISOString().slice(0, 5);
  if (runs.length === 0) return 'Nothing ran yet.';
  const rows = runs.map((run) => [
    run.runId.slice(0, 8),
    run.command,
    minute(run.startedAt).replace(year, ''),
    took(run),
    run.status,
    run.builds.map(({ buildId }) => buildId).join(' '),
    run.rowsLoaded === 0 ? '' : count(run.rowsLoaded),
    run.rowsWritten === 0 ? '' : count(run.rowsWritten),
  ]);
  const titles = ['Run', 'Command', 'Started'].map((title) => ({ title }));
  return renderTable(
    [...titles, right('Took'), { title: 'Status' }, { title: 'Build' }, right('Loaded'), right('Written')],
    rows,
    width,
  );
}

function renderRun(run: RunRecordDetail, width: number): string {
  const ended = run.finishedAt === null ? '' : `, took ${took(run)}`;
  const builds = run.builds.map(({ buildId, status }) => `, build ${buildId} (${status})`).join('');
  const parts = [
    `${run.runId}: ${run.command}, ${run.status}, started ${minute(run.startedAt)}${ended}${builds}, revops ${run.version}`,
  ];
  if (run.streams.length > 0) {
    const numbers = ['loads', 'read', 'loaded', 'unchanged', 'rejected', 'deleted', 'vanished'] as const;
    const titles = numbers.map((name) => right(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`));
    const rows = run.streams.map((stream) => [stream.stream, ...numbers.map((name) => count(stream[name]))]);
    parts.push(renderTable([{ title: 'Stream' }, ...titles], rows, width));
  }
  if (run.models.length > 0) {
    const rows = run.models.map((model) => [
      model.model,
      model.status === 'ok' ? (model.mode ?? model.action) : model.status,
      number(model.rowsRead),
      number(model.written),
      number(model.removed),
      number(model.unchanged),
      model.milliseconds === null ? '' : duration(model.milliseconds),
      [model.reason ?? '', ...(model.because === null ? [] : [`whole: ${model.because}`])].filter(Boolean).join('; '),
    ]);
    parts.push(
      renderTable(
        [
          { title: 'Model' },
          { title: 'Done' },
          ...['Read', 'Written', 'Removed', 'Unchanged', 'Took'].map(right),
          { title: 'Why' },
        ],
        rows,
        width,
      ),
    );
  }
  for (const { model, tests, error } of run.models) {
    for (const line of [...tests, ...(error === null ? [] : [`error: ${error}`])]) parts.push(`${model}: ${line}`);
  }
  if (run.streams.length + run.models.length === 0)
    parts.push(`It touched ${plural(0, 'stream')} and ${plural(0, 'model')}.`);
  return parts.join('\n\n');
}

function number(value: number | null): string {
  return value === null ? '' : count(value);
}

function took({ startedAt, finishedAt }: RunSummary): string {
  return finishedAt === null ? '' : duration(Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)));
}

/** `2026-03-01 12:00`: UTC. */
function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
