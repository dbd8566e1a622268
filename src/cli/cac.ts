/**
 * `revops cac`: CAC and marginal CAC per channel and period, side by side. Marginal CAC is what budgets are moved on, so
 * it is only given under an attribution lock.
 */
import { RevopsError } from '../errors.ts';
import { compileModels } from '../project/overlay.ts';
import type { Session } from '../warehouse/contract.ts';
import { readAsOf } from './as-of.ts';
import { averageOf, renderAverage, type AverageRow } from './cac-average.ts';
import { requireLock, requireLockedRows } from './cac-lock.ts';
import { creditsAsked, otherMarts } from './cac-credits.ts';
import { cacRows, type CacRow, channelsOf } from './cac-rows.ts';
import type { CommandContext, Options } from './context.ts';
import { csvLine } from './csv.ts';
import { decimal, money } from './format.ts';
import { type Grain, parsePeriod, periodName } from './period.ts';
import { openProject, withReader } from './session.ts';
import { renderTable } from './table.ts';

export async function cac(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const range = typeof options['period'] === 'string' ? parsePeriod(options['period']) : undefined;
  const grain = (options['by'] as Grain | undefined) ?? range?.grain ?? 'month';
  const channel = options['channel'] as string | undefined;
  const project = await openProject(context);
  const isAverage = options['average'] === true;
  const lock = isAverage ? null : await requireLock(project);
  const asked = creditsAsked(options);
  const compiled = asked.kind === 'published' ? null : await compileModels(project);
  const { rows, asOf, other } = await withReader(context, project, async (session, warehouse) => {
    const marts =
      asked.kind === 'published' || compiled === null ? null : await otherMarts(warehouse, project, compiled, asked);
    const found = await cacRows(session, {
      grain,
      ...(channel === undefined ? {} : { channel }),
      ...(range === undefined ? {} : { range }),
      ...(marts === null ? {} : { prelude: marts.prelude }),
    });
    if (found.length === 0) await refuseEmpty(session, channel, marts?.prelude);
    if (lock !== null) requireLockedRows(lock, found);
    return { rows: found, asOf: await readAsOf(session), other: marts };
  });
  const given = isAverage ? rows.map(averageOf) : rows;
  if (context.globals.json) {
    return context.terminal.printJson({
      as_of: asOf,
      credits: other?.credits ?? { as: 'reported' },
      currency: project.currency,
      rows: given,
    });
  }
  if (options['csv'] === true) return printCsv(context, given);
  const about = `by ${grain}, media spend, ${rows[0]?.attribution_model ?? ''} attribution, ${project.currency}`;
  const shown = channel === undefined ? rows.filter((row) => hasSpend(rows, row.channel)) : rows;
  const { width } = context.terminal;
  const lines = [
    isAverage ? `Average CAC ${about}` : `CAC and marginal CAC ${about}`,
    '',
    isAverage
      ? renderAverage(shown.map(averageOf), grain, project.currency, width)
      : renderCac(shown, grain, project.currency, width),
    '',
    ...withoutSpend(rows, shown),
    ...(other === null ? [] : [other.line]),
    asOf.line,
  ];
  context.terminal.print(lines.join('\n'));
}

/** The table of the command: one block per channel. */
export function renderCac(rows: readonly CacRow[], grain: Grain, currency: string, width: number): string {
  const right = { align: 'right' as const };
  const columns = [
    { title: 'Period' },
    { title: 'Spend', ...right },
    { title: 'New', ...right },
    { title: 'CAC', ...right },
    { title: 'Marginal', ...right },
    { title: '95 % range', ...right },
    { title: 'Status' },
  ];
  const cells = rows.flatMap((row, at) => {
    const line = [
      `· ${periodName(row.period_start, grain)}`,
      row.spend === null ? 'missing_rate' : money(Number(row.spend), currency),
      decimal(row.customers, 2),
      row.cac === null ? row.cac_status : money(row.cac, currency),
      row.marginal_cac === null ? '–' : money(row.marginal_cac, currency),
      interval(row),
      row.is_decaying ? `${row.status}, decaying` : row.status,
    ];
    return row.channel === rows[at - 1]?.channel ? [line] : [[row.channel], line];
  });
  return renderTable(columns, cells, width);
}

// --- internal ---

function hasSpend(rows: readonly CacRow[], channel: string): boolean {
  return rows.some((row) => row.channel === channel && (row.spend === null || Number(row.spend) !== 0));
}

/** Channels that cost nothing have no CAC: one line for their customers. */
function withoutSpend(rows: readonly CacRow[], shown: readonly CacRow[]): string[] {
  const customers = new Map<string, number>();
  for (const row of rows)
    if (!shown.includes(row)) customers.set(row.channel, (customers.get(row.channel) ?? 0) + row.customers);
  if (customers.size === 0) return [];
  const listed = [...customers].map(([channel, number]) => `${channel} ${decimal(number, 2)}`).join(', ');
  return [`New customers of channels without spend in these periods: ${listed}.`];
}

/** Bounds of the marginal CAC; an open one has no upper end. */
function interval({ marginal_cac: value, ci_low: low, ci_high: high }: CacRow): string {
  if (value === null || low === null) return '';
  return high === null ? `≥ ${decimal(low, 0)}` : `${decimal(low, 0)}–${decimal(high, 0)}`;
}

async function refuseEmpty(session: Session, channel: string | undefined, prelude = ''): Promise<void> {
  const channels = await channelsOf(session, prelude);
  if (channel !== undefined && !channels.includes(channel)) {
    throw new RevopsError('USAGE', `--channel: there is no channel ${JSON.stringify(channel)}`, {
      hint: `There are: ${channels.join(', ')}.`,
    });
  }
}

function printCsv({ terminal }: CommandContext, rows: readonly (CacRow | AverageRow)[]): void {
  const columns = Object.keys(rows[0] ?? {});
  terminal.print([csvLine(columns), ...rows.map((row) => csvLine(Object.values(row)))].join('\n'));
}
