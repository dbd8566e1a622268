/**
 * `revops freshness`: how far every source reaches, against how far behind it may be.
 */
import { RevopsError } from '../errors.ts';
import { freshness, type SourceFreshness } from '../project/freshness.ts';
import type { CommandContext, Options } from './context.ts';
import { count, plural } from './format.ts';
import { openProject, withWarehouse } from './session.ts';
import { renderTable } from './table.ts';

export async function freshnessCommand(
  context: CommandContext,
  words: readonly string[],
  options: Options,
): Promise<void> {
  const project = await openProject(context);
  const all = await withWarehouse(context, project, { readOnly: true }, (warehouse) =>
    freshness(project, warehouse, context.now()),
  );
  const known = new Set(all.flatMap(({ source }) => [source, source.slice(0, source.indexOf('.'))]));
  const unknown = words.find((word) => !known.has(word));
  if (unknown !== undefined) {
    throw new RevopsError('USAGE', `the project has no connector or stream ${JSON.stringify(unknown)}`, {
      hint: '`revops list streams` names them.',
    });
  }
  const found =
    words.length === 0 ? all : all.filter(({ source }) => words.some((word) => `${source}.`.startsWith(`${word}.`)));
  if (context.globals.json) context.terminal.printJson(found);
  else context.terminal.print(render(found, context.terminal.width));
  const late = found.filter(isBehind);
  if (options['strict'] !== true || late.length === 0) return;
  throw new RevopsError('CHECK_FAILED', `${plural(late.length, 'source')} not fresh: ${late.map(label).join(', ')}`, {
    hint: '`revops sync` brings them up to date; `revops runs` and `revops doctor` say why it did not.',
  });
}

// --- internal ---

function isBehind({ status }: SourceFreshness): boolean {
  return status === 'late' || status === 'never_loaded';
}

function label({ source, account }: SourceFreshness): string {
  return account === null ? source : `${source} ${account}`;
}

function render(found: readonly SourceFreshness[], width: number): string {
  if (found.length === 0) return 'The project has no sources.';
  const titles = ['Source', 'Newest', 'Loaded', 'Data to (UTC)', 'Behind'].map((title) => ({ title }));
  const rows = found.map((source) => [
    label(source),
    age(source.hoursSinceNewest),
    age(source.hoursSinceLoad),
    minute(source.dataTo),
    behind(source),
  ]);
  const late = found.filter(isBehind).length;
  return `${renderTable(titles, rows, width)}\n\n${late === 0 ? 'All fresh.' : `${plural(late, 'source')} late or never loaded.`}`;
}

/** `33 of 26 h: late`. */
function behind({ status, hoursBehind, allowedHours }: SourceFreshness): string {
  const told = status.replaceAll('_', ' ');
  if (hoursBehind === null) return told;
  const hours = count(Math.floor(hoursBehind));
  return allowedHours === null ? `${hours} h: ${told}` : `${hours} of ${count(allowedHours)} h: ${told}`;
}

/** `33 h`: since the newest record, or the last load. */
function age(hours: number | null): string {
  return hours === null ? '–' : `${count(Math.floor(hours))} h`;
}

/** `2026-03-01 12:00`: UTC. */
function minute(instant: string | null): string {
  return instant === null ? '–' : instant.slice(0, 16).replace('T', ' ');
}
