/**
 * `revops diff`: why a number changed, row by row.
 */
import { RevopsError } from '../errors.ts';
import { diffModel, type ModelDiff } from '../model/index.ts';
import type { CommandContext, Options } from './context.ts';
import { csvLine } from './csv.ts';
import { renderDiff } from './diff-report.ts';
import { parseInstant } from './instant.ts';
import { openProject, withWarehouse } from './session.ts';

/** Keys shown in a table unless told. */
const TABLE_KEYS = 50;

export async function diffCommand(context: CommandContext, words: readonly string[], options: Options): Promise<void> {
  const isCsv = options['csv'] === true;
  const limit = limitOf(options['limit']) ?? (isCsv || context.globals.json ? undefined : TABLE_KEYS);
  const text = (name: string): string | undefined => (typeof options[name] === 'string' ? options[name] : undefined);
  const build = text('build');
  const since = text('since');
  if (build !== undefined && since !== undefined) {
    throw new RevopsError('USAGE', '--build names one build, --since all after one', { hint: 'Give one of them.' });
  }
  const project = await openProject(context);
  await withWarehouse(context, project, { readOnly: true }, async (warehouse) => {
    const diff = await diffModel(warehouse, {
      relation: words[0] ?? '',
      ...(build === undefined ? {} : { build: numbered(build) }),
      ...(since === undefined ? {} : { since: sinceOf(since) }),
      ...(limit === undefined ? {} : { limit }),
    });
    const { rows, ...summary } = diff;
    if (isCsv) return printCsv(context, diff);
    if (context.globals.json) return context.terminal.printJsonList(summary, 'rows', rows);
    context.terminal.print(renderDiff(summary, (await Array.fromAsync(rows)).flat(), context.terminal.width));
  });
}

// --- internal ---

function limitOf(written: Options[string]): number | undefined {
  if (written === undefined) return undefined;
  const limit = Number(written);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new RevopsError('USAGE', `--limit: ${JSON.stringify(written)} is no number of rows`, {
    hint: 'Give a whole number from 1.',
  });
}

/** `12` and `b12` are the same build. */
function numbered(written: string): string {
  return /^\d+$/.test(written) ? `b${written}` : written;
}

function sinceOf(written: string): string {
  return /^b?\d{1,7}$/.test(written) ? numbered(written) : parseInstant(written, '--since').toISOString();
}

/** One line per changed cell; of rows that came or went one per cell, too. */
async function printCsv({ terminal }: CommandContext, { key: keys, rows }: ModelDiff): Promise<void> {
  terminal.printData(csvLine(['change', ...keys, 'column', 'before', 'after']));
  for await (const chunk of rows) {
    for (const { change, key, before, after } of chunk) {
      for (const column of new Set([...Object.keys(before), ...Object.keys(after)])) {
        terminal.printData(csvLine([change, ...keys.map((name) => key[name]), column, before[column], after[column]]));
      }
    }
  }
}
