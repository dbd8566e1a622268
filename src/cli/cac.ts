/**
 * `revops cac`: CAC and marginal CAC per channel and period, side by side. Marginal CAC is what budgets are moved on, so
 * it is only given under an attribution lock.
 */
import type { Lock } from '../attribution/index.ts';
import type { Project } from '../project/load.ts';
import { judge, redPipeline } from '../quality/index.ts';
import type { Session, Warehouse } from '../warehouse/contract.ts';
import { readAsOf, type AsOf } from './as-of.ts';
import { type Alignment, alignmentLines, readAlignment, requireAligned } from './cac-alignment.ts';
import { cohortView } from './cac-cohort.ts';
import { conversionView } from './cac-conversion.ts';
import { decomposeView } from './cac-decompose.ts';
import { aboutFixedCosts, hasFixedCosts } from './cac-loaded.ts';
import { requireLock, requireLockedRows } from './cac-lock.ts';
import { type CacMarts, cacMarts } from './cac-marts.ts';
import { type CacQuestion, cacQuestion, isByChannel, isByCustomers } from './cac-question.ts';
import { channelNamed, requireChannel } from './cac-channel.ts';
import { onMarts } from './cac-rows.ts';
import { withRowOfNulls } from './answer-columns.ts';
import { aboutFilters, aboutPipeline, aboutShares, filtersForJson, hidden, whyNothing } from './cac-words.ts';
import type { AnswerRow, CacView } from './cac-view.ts';
import type { CommandContext, Options } from './context.ts';
import { csvLine } from './csv.ts';
import { openGate, type Gate } from './gate.ts';
import { openProject, withReader } from './session.ts';
import { standingOf, type Standing } from './trust.ts';

export async function cac(context: CommandContext, _words: readonly string[], options: Options): Promise<void> {
  const typed = cacQuestion(options);
  const view = viewOf(typed);
  const project = await openProject(context);
  const lock = typed.isAverage ? null : await requireLock(project);
  const answered = await withReader(context, project, (session, warehouse) =>
    onMarts(() => answer(context, project, session, warehouse, { typed, view, lock })),
  );
  const { question, rows, asOf, marts, standing, alignment, shaky, nothing } = answered;
  const gate = await openGate(context, project, standing, options);
  const { by, filters } = question;
  if (context.globals.json) {
    context.terminal.printJson({
      as_of: asOf,
      ...gate.json,
      credits: marts.credits,
      currency: project.currency,
      basis: question.basis,
      by,
      grain: question.grain,
      period: question.range === undefined ? null : { from: question.range.from, to: question.range.to },
      model: rows[0]?.attribution_model ?? question.model ?? project.attribution.primaryModel,
      filters: filtersForJson(filters),
      notes: [
        ...shaky,
        ...nothing,
        ...view.notes(rows, question),
        ...aboutShares(by),
        ...aboutFixedCosts(rows, question),
      ],
      alignment,
      rows: rows.map((row) => keyed(row, question, marts)),
    });
  } else if (options['csv'] === true) {
    const keyedRows = rows.map((row) => keyed(row, question, marts));
    printCsv(context, answered.columns, keyedRows);
    for (const line of shaky) context.terminal.warn(line);
  } else printTable(context, project, view, { ...answered, gate });
  requireAligned(alignment, rows);
  gate.close();
}

// --- internal ---

interface Answered {
  question: CacQuestion;
  rows: AnswerRow[];
  /** Of the rows as they are handed out, where there are none too. */
  columns: string[];
  asOf: AsOf;
  marts: CacMarts;
  standing: Standing;
  /** Null where spend is known in the grain asked for. */
  alignment: Alignment | null;
  /** Why what the next customer costs stands on sand, where it is told and does. */
  shaky: string[];
  /** Why there are no rows, where there are none. */
  nothing: string[];
}

function printTable(
  { terminal }: CommandContext,
  project: Project,
  view: CacView<AnswerRow>,
  { question, rows, asOf, marts, gate, alignment, shaky, nothing }: Answered & { gate: Gate },
): void {
  const { by, filters } = question;
  const named = by === 'channel' ? rows : inOrder(rows, marts);
  const areAllShown = isByCustomers({ by }) || (isByChannel({ by }) && filters.channel !== undefined);
  const shown = areAllShown ? named : withSpend(named);
  const model = rows[0]?.attribution_model ?? project.attribution.primaryModel;
  const costs = hasFixedCosts(shown) ? 'media spend and fully loaded' : 'media spend';
  const lines = [
    ...gate.lines,
    ...shaky.flatMap((line) => [line, '']),
    `${view.title(question)}, ${costs}, ${model} attribution, ${project.currency}`,
    ...aboutFilters(filters),
    '',
    ...(nothing.length > 0 ? nothing : [view.table(shown, question, project.currency, terminal.width)]),
    '',
    ...(alignment === null ? [] : alignmentLines(alignment)),
    ...hidden(view.counted?.(named) ?? named, shown, by),
    ...view.notes(shown, question),
    ...aboutShares(by),
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

/** With the channel as it is called. */
async function spelled(session: Session, question: CacQuestion): Promise<CacQuestion> {
  const { channel } = question.filters;
  if (channel === undefined) return question;
  return { ...question, filters: { ...question.filters, channel: await channelNamed(session, channel) } };
}

/** USAGE where the channel asked about is none; NO_LOCK where the rows were not built under the lock. */
async function answer(
  context: CommandContext,
  project: Project,
  session: Session,
  warehouse: Warehouse,
  { typed, view, lock }: { typed: CacQuestion; view: CacView<AnswerRow>; lock: Lock | null },
): Promise<Answered> {
  const question = await spelled(session, typed);
  const marts = await cacMarts(session, warehouse, project, question);
  const judgement = await judge(session, { ...project.checks, now: context.now() });
  const standing = standingOf(judgement);
  const asOf = await readAsOf(session);
  const found = await view.rows(session, question, marts);
  const { channel } = question.filters;
  if (found.length === 0 && channel !== undefined) await requireChannel(session, channel);
  const stamped = (row: AnswerRow): AnswerRow => ({ ...row, as_of: asOf.built_at, trust: standing.trust });
  const rows = found.map(stamped);
  const [shape] = rows.length > 0 ? rows : await view.rows(withRowOfNulls(session), question, marts);
  if (lock !== null) requireLockedRows(lock, rows);
  return {
    question,
    rows,
    columns: shape === undefined ? [] : Object.keys(keyed(stamped(shape), question, marts)),
    marts,
    standing,
    asOf,
    alignment: await readAlignment(session, rows, question),
    shaky: typed.isAverage ? [] : aboutPipeline(redPipeline(judgement)),
    nothing: rows.length === 0 ? await whyNothing(session, question) : [],
  };
}

/** Under the name of what was asked by; its key beside it. */
function keyed(row: AnswerRow, { by }: CacQuestion, { names }: CacMarts): Record<string, AnswerRow[string]> {
  const { channel, ...rest } = row;
  return by === 'channel' ? { channel, ...rest } : { [by]: names.get(channel) ?? channel, key: channel, ...rest };
}

/** 3 before 11. */
const BY_NAME = new Intl.Collator('en', { numeric: true });

/** By name instead of key, everything together last. */
function inOrder<Row extends AnswerRow>(rows: readonly Row[], { names }: CacMarts): Row[] {
  const rank = (row: AnswerRow): number => (row.channel === '(all)' ? 1 : 0);
  return rows
    .map((row) => ({ ...row, channel: names.get(row.channel) ?? row.channel }))
    .toSorted((one, other) => rank(one) - rank(other) || BY_NAME.compare(one.channel, other.channel));
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

function printCsv(
  { terminal }: CommandContext,
  columns: readonly string[],
  rows: readonly Record<string, AnswerRow[string]>[],
): void {
  terminal.printData([csvLine(columns), ...rows.map((row) => csvLine(columns.map((name) => row[name])))].join('\n'));
}
