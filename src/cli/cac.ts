/**
 * `revops cac`: CAC and marginal CAC per channel and period, side by side. Marginal CAC is what budgets are moved on, so
 * it is only given under an attribution lock.
 */
import { RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import type { Trust } from '../quality/index.ts';
import type { Session } from '../warehouse/contract.ts';
import { readAsOf, type AsOf } from './as-of.ts';
import { cohortView } from './cac-cohort.ts';
import { conversionView } from './cac-conversion.ts';
import { decomposeView } from './cac-decompose.ts';
import { aboutFixedCosts, hasFixedCosts, withKnownCosts } from './cac-loaded.ts';
import { requireLock, requireLockedRows } from './cac-lock.ts';
import { type CacMarts, cacMarts } from './cac-marts.ts';
import { type CacQuestion, cacQuestion } from './cac-question.ts';
import { channelsOf, onMarts } from './cac-rows.ts';
import { aboutFilters, filtersForJson, hidden } from './cac-words.ts';
import type { AnswerRow, CacView } from './cac-view.ts';
import type { CommandContext, Options } from './context.ts';
import { csvLine } from './csv.ts';
import { openProject, withReader } from './session.ts';
import { readTrust, requireTrust, trustLines } from './trust.ts';

export async function cac(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const question = cacQuestion(options);
  const view = viewOf(question);
  const project = await openProject(context);
  const lock = question.isAverage ? null : await requireLock(project);
  const { rows, asOf, marts, trust } = await withReader(context, project, (session, warehouse) =>
    onMarts(async () => {
      const used = await cacMarts(session, warehouse, project, question);
      const stamp = await readTrust(context, project, session);
      const found = (await answer(session, view, question, used)).map((row) => ({ ...row, trust: stamp.trust }));
      if (lock !== null) requireLockedRows(lock, found);
      return { rows: found, asOf: await readAsOf(session), marts: used, trust: stamp };
    }),
  );
  const { by, filters } = question;
  if (context.globals.json) {
    context.terminal.printJson({
      as_of: asOf,
      ...trust,
      credits: marts.credits,
      currency: project.currency,
      basis: question.basis,
      by,
      filters: filtersForJson(filters),
      notes: [...view.notes(rows, question), ...aboutFixedCosts(rows, question)],
      rows: rows.map((row) => keyed(row, question, marts)),
    });
  } else if (options['csv'] === true) {
    const keyedRows = rows.map((row) => keyed(row, question, marts));
    printCsv(context, keyedRows);
  } else printTable(context, project, question, view, { rows, asOf, marts, trust });
  requireTrust(trust, options['strict'] === true);
}

// --- internal ---

interface Answered {
  rows: AnswerRow[];
  asOf: AsOf;
  marts: CacMarts;
  trust: Trust;
}

function printTable(
  { terminal }: CommandContext,
  project: Project,
  question: CacQuestion,
  view: CacView<AnswerRow>,
  { rows, asOf, marts, trust }: Answered,
): void {
  const { by, filters } = question;
  const named = by === 'channel' ? rows : inOrder(rows, marts);
  const shown = by === 'channel' && filters.channel !== undefined ? named : withSpend(named);
  const model = rows[0]?.attribution_model ?? project.attribution.primaryModel;
  const costs = hasFixedCosts(shown) ? 'media spend and fully loaded' : 'media spend';
  const lines = [
    ...trustLines(trust),
    `${view.title(question)}, ${costs}, ${model} attribution, ${project.currency}`,
    ...aboutFilters(filters),
    '',
    view.table(shown, question, project.currency, terminal.width),
    '',
    ...hidden(view.counted?.(named) ?? named, shown, by),
    ...view.notes(shown, question),
    ...aboutFixedCosts(shown, question),
    ...(marts.line === undefined ? [] : [marts.line]),
    asOf.line,
  ];
  terminal.print(lines.join('\n'));
}

function viewOf({ basis, isDecomposed }: CacQuestion): CacView<AnswerRow> {
  if (basis === 'cohort') return cohortView;
  return isDecomposed ? decomposeView : conversionView;
}

/** USAGE where the channel asked about is none. */
async function answer(
  session: Session,
  view: CacView<AnswerRow>,
  question: CacQuestion,
  marts: CacMarts,
): Promise<AnswerRow[]> {
  const rows = withKnownCosts(await view.rows(session, question, marts), question);
  const { channel } = question.filters;
  if (rows.length > 0 || channel === undefined) return rows;
  const channels = await channelsOf(session);
  if (channels.includes(channel)) return rows;
  throw new RevopsError('USAGE', `--channel: there is no channel ${JSON.stringify(channel)}`, {
    hint: `There are: ${channels.join(', ')}.`,
  });
}

/** Under the name of what was asked by; its key beside it. */
function keyed(row: AnswerRow, { by }: CacQuestion, { names }: CacMarts): Record<string, AnswerRow[string]> {
  const { channel, ...rest } = row;
  return by === 'channel' ? { channel, ...rest } : { [by]: names.get(channel) ?? channel, key: channel, ...rest };
}

/** By name instead of key, everything together last. */
function inOrder<Row extends AnswerRow>(rows: readonly Row[], { names }: CacMarts): Row[] {
  const rank = (row: AnswerRow): number => (row.channel === '(all)' ? 1 : 0);
  return rows
    .map((row) => ({ ...row, channel: names.get(row.channel) ?? row.channel }))
    .toSorted(
      (one, other) =>
        rank(one) - rank(other) || (one.channel < other.channel ? -1 : one.channel > other.channel ? 1 : 0),
    );
}

/** What cost something: ad spend, or other costs of its own. */
function withSpend<Row extends AnswerRow>(rows: readonly Row[]): Row[] {
  const spending = new Set(
    rows
      .filter((row) => row.spend === null || Number(row.spend) !== 0 || hasFixedCosts([row]))
      .map(({ channel }) => channel),
  );
  return rows.filter(({ channel }) => spending.has(channel) || channel === '(all)');
}

function printCsv({ terminal }: CommandContext, rows: readonly Record<string, AnswerRow[string]>[]): void {
  terminal.print([csvLine(Object.keys(rows[0] ?? {})), ...rows.map((row) => csvLine(Object.values(row)))].join('\n'));
}
