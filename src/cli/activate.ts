/**
 * `revops activate`: conversions and audiences as the files that ad platforms take. Writes files, and calls nothing.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

import type { OpenDestination, OutgoingFile } from '../connector/destination.ts';
import { RevopsError } from '../errors.ts';
import { exportBatch, settleBatches, type ExportedItem } from '../outbound/index.ts';
import type { Project } from '../project/load.ts';
import type { CommandContext, Options } from './context.ts';
import { count } from './format.ts';
import { openProject, withLease } from './session.ts';

/** What would be, or was, handed out. */
export interface Export {
  /** `conversions`, or `audience <name>`. */
  list: string;
  items: ExportedItem[];
  files: OutgoingFile[];
  /** Conversions or people that stay here, by reason. */
  leftOut: Record<string, number>;
  /** Conversions that were handed out and are none any more: refunded, reopened, deleted. */
  ended: number;
}

export async function activateCommand(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const [what = '', audience] = words;
  if ((what !== 'conversions' && what !== 'audience') || (what === 'audience') !== (audience !== undefined)) {
    throw new RevopsError('USAGE', `activate: ${JSON.stringify(words.join(' '))} is nothing to hand out`, {
      hint: 'revops activate conversions --to <platform> --folder out, or revops activate audience <name> --to <platform> --folder out',
    });
  }
  const isDry = options['dryRun'] === true;
  const project = await openProject(context);
  const destination = chosen(project, options);
  const folder = folderOf(context, options, isDry);
  const now = context.now();
  const outcome = await withLease(context, project, async (warehouse) => {
    const ended = isDry ? [] : await settleBatches(warehouse, destination.name, existsSync);
    for (const one of ended) context.terminal.warn(`an export that was interrupted is whole, and recorded now: ${one}`);
    const prepared =
      what === 'conversions'
        ? await (await import('./activate-conversions.ts')).conversionExport(project, warehouse, destination, now)
        : await (
            await import('./activate-audience.ts')
          ).audienceExport(project, warehouse, destination, {
            audience: audience ?? '',
            excludeControl: options['excludeControl'] === true,
            now,
          });
    if (isDry || prepared.items.length === 0) return { ...prepared, folder: null };
    const batchId = crypto.randomUUID();
    const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const name = `${destination.name}-${prepared.list.replaceAll(/[^A-Za-z0-9_]+/g, '-')}-${stamp}-${batchId.slice(0, 8)}`;
    const batch = {
      batchId,
      destination: destination.name,
      list: prepared.list,
      folder: path.join(folder, name),
      at: now,
    };
    await exportBatch(warehouse, batch, prepared.items, prepared.files);
    return { ...prepared, folder: batch.folder };
  });
  report(context, destination.name, outcome, isDry);
}

// --- internal ---

/** `--to meta`: the one connector that can be handed something and whose name begins so. */
function chosen({ connectors }: Project, options: Options): { name: string; open: OpenDestination } {
  const able = connectors.filter(({ destination }) => destination !== undefined);
  const names = able.map(({ name }) => name).join(', ');
  const asked = options['to'];
  if (typeof asked !== 'string') {
    throw new RevopsError('USAGE', 'activate: --to says which platform', {
      hint: `One of: ${names || 'none is configured'}.`,
    });
  }
  const matching = able.filter(({ name }) => name === asked || name.startsWith(`${asked}-`));
  const [found, other] = matching;
  if (found?.destination === undefined || other !== undefined) {
    const problem = other === undefined ? 'is no configured platform that takes files' : 'is several platforms';
    throw new RevopsError('USAGE', `--to ${JSON.stringify(asked)} ${problem}`, { hint: `One of: ${names || 'none'}.` });
  }
  return { name: found.name, open: found.destination };
}

function folderOf({ cwd }: CommandContext, { folder }: Options, isDry: boolean): string {
  if (typeof folder === 'string' && folder !== '') return path.resolve(cwd, folder);
  if (isDry) return cwd;
  throw new RevopsError('USAGE', 'activate: --folder says where the files go', {
    hint: 'They hold data of people, hashed: choose a folder that nobody else reads.',
  });
}

function report(
  { terminal, globals }: CommandContext,
  destination: string,
  { list, items, files, leftOut, ended, folder }: Export & { folder: string | null },
  isDry: boolean,
): void {
  const added = items.filter(({ change }) => change === 'added').length;
  const removed = items.length - added;
  if (globals.json) {
    const names = files.map(({ name }) => (folder === null ? name : path.join(folder, name)));
    return terminal.printJson({
      mode: isDry ? 'dry_run' : 'exported',
      ...{ destination, list, added, removed, left_out: leftOut, ended, folder, files: names },
    });
  }
  const reasons = Object.entries(leftOut).map(([reason, number]) => `${count(number)} ${reason}`);
  terminal.print(
    [
      `${destination}, ${list}: ${count(added)} ${isDry ? 'to hand out' : 'handed out'}${removed === 0 ? '' : `, ${count(removed)} to take out`}.`,
      ...(reasons.length === 0 ? [] : [`Left out: ${reasons.join(', ')}.`]),
      ...(ended === 0
        ? []
        : [`${count(ended)} handed out before are no conversions any more: take them back at the platform.`]),
      ...(folder === null ? [] : files.map(({ name }) => path.join(folder, name))),
    ].join('\n'),
  );
}
