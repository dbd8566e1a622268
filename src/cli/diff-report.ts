/**
 * What a build changed in a relation, for people.
 */
import type { Cause, DiffBuild, KeyChange, ModelDiff, RowCause } from '../model/index.ts';
import type { ResultValue } from '../warehouse/types.ts';
import { shown } from './csv.ts';
import { count, decimal, plural } from './format.ts';
import { renderTable } from './table.ts';

/** The builds with their causes, what changed per column, then one line per changed cell of the rows. */
export function renderDiff(diff: Omit<ModelDiff, 'rows'>, rows: readonly KeyChange[], width: number): string {
  const { relation, builds, counts, note, leftOut, key } = diff;
  const parts = [`${relation}\n${builds.map(buildLines).join('\n')}`];
  if (note !== undefined) return `${parts.join('\n')}\n\n${note}`;
  parts.push(`${count(counts.changed)} changed, ${count(counts.removed)} removed, ${count(counts.added)} added`);
  if (leftOut.length > 0) parts.push(`Not compared: ${leftOut.map(leftOutColumn).join('; ')}.`);
  const columns = diff.columns.filter(({ changed, before, after }) => changed > 0 || before !== null || after !== null);
  if (columns.length > 0) {
    const titles = [{ title: 'Column' }, ...['Changed', 'Sum before', 'Sum after'].map(right)];
    const cells = columns.map(({ column, changed, before, after }) => [
      column,
      count(changed),
      sum(before),
      sum(after),
    ]);
    parts.push(renderTable(titles, cells, width));
  }
  // what the whole build says need not be said of each row
  const tells = builds.length > 1 || builds.some(({ causes }) => causes.length > 1) ? causesText(builds.length) : null;
  const isKnown = tells !== null && rows.some(({ causes }) => causes.length > 0);
  const tell = isKnown ? tells : null;
  if (rows.length > 0)
    parts.push(
      renderTable(
        titlesOf(key, tell !== null),
        rows.flatMap((row) => rowCells(row, tell)),
        width,
      ),
    );
  const all = counts.changed + counts.removed + counts.added;
  if (rows.length < all) parts.push(`the first ${count(rows.length)} of ${plural(all, 'key')}; --limit shows more`);
  return parts.join('\n\n');
}

// --- internal ---

const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });

function buildLines({ buildId, publishedAt, clockAt, status, kind, mode, causes }: DiffBuild): string {
  const clock = clockAt === null ? '' : `, clock ${minute(clockAt)}`;
  const back = status === 'rolled_back' ? ', taken back since' : '';
  const how = mode === null ? kind : kind === 'updated' ? 'updated' : 'built whole';
  return [
    `  build ${buildId}: published ${publishedAt === null ? '?' : minute(publishedAt)}${clock}, ${how}${back}`,
    ...causes.flatMap((cause) => causeLines(cause, '    ')),
  ].join('\n');
}

function causeLines({ reason, loads = [], clock, parent, causes = [] }: Cause, indent: string): string[] {
  const rows =
    parent === undefined || parent.added === null || parent.removed === null
      ? ''
      : `: ${count(parent.removed)} rows out, ${count(parent.added)} in`;
  const time = clock === undefined ? '' : `: ${clock.before ?? '?'} → ${clock.after ?? '?'}`;
  const lines = [`${indent}${reason}${rows}${time}`];
  for (const load of loads.slice(0, MOST_LOADS)) {
    const gone = load.deleted + load.vanished;
    const removed = gone === 0 ? '' : `, ${count(gone)} deleted`;
    const at = load.committedAt === null ? '' : ` at ${minute(load.committedAt)}`;
    lines.push(`${indent}  load ${load.loadId} of ${load.stream}${at}: ${count(load.loaded)} rows${removed}`);
  }
  if (loads.length > MOST_LOADS) lines.push(`${indent}  and ${plural(loads.length - MOST_LOADS, 'load')} more`);
  return [...lines, ...causes.flatMap((cause) => causeLines(cause, `${indent}  `))];
}

const MOST_LOADS = 5;

function leftOutColumn({ column, builds }: ModelDiff['leftOut'][number]): string {
  return builds.length === 0 ? column : `${column}, not the same in ${builds.join(', ')}`;
}

function titlesOf(keys: readonly string[], hasCauses: boolean): { title: string }[] {
  const titles = ['', ...keys, 'Column', 'Before', 'After', ...(hasCauses ? ['Because'] : [])];
  return titles.map((title) => ({ title }));
}

type Tell = (causes: readonly RowCause[]) => string;

/** What touched a row; with the builds, where there are several. */
function causesText(builds: number): Tell {
  return (causes) =>
    causes.map(({ buildId, reasons }) => `${builds > 1 ? `${buildId}: ` : ''}${reasons.join(', ')}`).join('; ') || '?';
}

const SIGNS = { changed: '~', removed: '-', added: '+' } as const;

/** A changed row gives a line per cell, the key on the first; others give one line with all that they hold. */
function rowCells({ change, key, before, after, causes }: KeyChange, tell: Tell | null): string[][] {
  const keys = Object.values(key).map(cell);
  const because = tell === null ? [] : [tell(causes)];
  if (change !== 'changed') return [[SIGNS[change], ...keys, 'all', contents(before), contents(after), ...because]];
  return Object.keys(after).map((column, index) => [
    ...(index === 0 ? [SIGNS.changed, ...keys] : ['', ...keys.map(() => '')]),
    column,
    cell(before[column]),
    cell(after[column]),
    ...(index === 0 ? because : because.map(() => '')),
  ]);
}

function contents(row: Record<string, ResultValue>): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([column, value]) => `${column} ${cell(value)}`)
    .join(', ');
}

function cell(value: ResultValue | undefined): string {
  return value === null || value === undefined ? 'NULL' : shown(value);
}

function sum(value: ResultValue): string {
  return typeof value === 'number' ? decimal(value, 2) : '';
}

/** `2026-03-01 12:00`: UTC. */
function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
