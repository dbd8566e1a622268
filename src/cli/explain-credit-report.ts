/**
 * One credit as text: the rule, the weights, the amount, the rows behind it.
 */
import { percent } from './explain-conversion-report.ts';
import type { Credit } from './explain-conversion-rows.ts';
import type { PathStep } from './credit-path.ts';
import type { Amount, CreditFacts } from './explain-credit-rows.ts';
import { money } from './format.ts';
import { minuteOf, shortKey } from './shown-id.ts';
import { renderTable } from './table.ts';

export function renderCredit(facts: CreditFacts, currency: string, width: number): string {
  return [heading(facts, currency).join('\n'), weights(facts, width), sources(facts, width), 'Times are UTC.']
    .filter((part) => part !== '')
    .join('\n\n');
}

// --- internal ---

function heading(facts: CreditFacts, currency: string): string[] {
  const { conversion_id: conversion, touchpoint_id: id, touchpoint, attribution_model: model } = facts;
  return [
    `Credit of ${id === null ? 'every touchpoint' : shortKey(id)} for ${conversion}, by ${model}`,
    ...(touchpoint === null
      ? []
      : [
          `touchpoint  ${minuteOf(touchpoint.occurred_at)}, ${touchpoint.channel}${touchpoint.channel_rule === null ? '' : ` by rule ${touchpoint.channel_rule}`}, of ${shortKey(touchpoint.person_id ?? 'nobody')}`,
        ]),
    `rule        ${facts.rule ?? "a model of the project's own: its SQL says it"}`,
    `credit      ${outcome(facts, currency)}`,
    ...amountLines(facts.amount, currency),
    `credits     ${facts.credits_are.settled ? `frozen ${minuteOf(facts.credits_are.locked_at)}` : 'not frozen yet'}${facts.credits_are.baseline_id === null ? '' : ` under baseline ${facts.credits_are.baseline_id}`}`,
    ...restated(facts, currency),
  ];
}

function outcome({ path, touchpoint_id: id, touchpoint }: CreditFacts, currency: string): string {
  if (id === null) return path.length === 0 ? 'the path is empty: all of it is (unattributed)' : 'the whole path';
  const step = path.find((own) => own.touchpoint_id === id);
  if (step === undefined) {
    if (touchpoint === null) return '100 %: the path is empty';
    return `nothing: ${touchpoint.left_out ?? 'not in the path'}`;
  }
  const { reported } = step;
  if (reported === null) return `nothing${touchpoint?.left_out === 'known too late' ? ': known too late' : ''}`;
  return `${percent(reported.credit)} (${reported.credit})${reported.amount_credit === null ? '' : `, ${money(Number(reported.amount_credit), currency)}`}`;
}

function amountLines(amount: Amount | null, currency: string): string[] {
  if (amount === null || amount.amount === null) return [];
  const { amount: own, currency: its, rate, rate_date: day, rate_source: source, amount_reporting: reporting } = amount;
  if (its === currency) return [`amount      ${own} ${currency}`];
  const told =
    rate === null ? 'no rate of its day' : `× ${Number(rate)} of ${day} (${source}) = ${reporting} ${currency}`;
  return [`amount      ${own} ${its} ${told}`];
}

/** Where what was reported is not what is known now. */
function restated({ path, restatements, touchpoint_id: id }: CreditFacts, currency: string): string[] {
  const different = path.filter(({ known, reported }) => !isSame(known, reported));
  if (different.length === 0) return [];
  const own = different.find(({ touchpoint_id: touch }) => touch === id)?.known;
  const now =
    own === undefined || own === null
      ? 'another (column Known)'
      : `${percent(own.credit)}${own.amount_credit === null ? '' : `, ${money(Number(own.amount_credit), currency)}`}`;
  const causes = [...new Set(restatements.map(({ cause }) => cause))].join(', ');
  return [
    `known now   ${now}, and not reported because it is frozen: ${causes === '' ? 'see current_credits' : causes}`,
  ];
}

function isSame(one: Credit | null, other: Credit | null): boolean {
  return (
    Math.abs((one?.credit ?? 0) - (other?.credit ?? 0)) < 1e-9 &&
    (one?.amount_credit ?? null) === (other?.amount_credit ?? null)
  );
}

function weights({ path, total_weight: total }: CreditFacts, width: number): string {
  if (path.length === 0) return '';
  const right = { align: 'right' as const };
  const hasOther = path.some(({ known, reported }) => Math.abs((known?.credit ?? 0) - (reported?.credit ?? 0)) > 1e-9);
  const isChecked = isAsComputed(path);
  const table = renderTable(
    [
      { title: '#', ...right },
      { title: 'When' },
      { title: 'Channel' },
      { title: 'Because' },
      { title: 'Weight', ...right },
      { title: 'Credit', ...right },
      ...(isChecked && !hasOther ? [] : [{ title: 'Known', ...right }]),
      ...(hasOther ? [{ title: 'Reported', ...right }] : []),
    ],
    path.map((step) => [
      String(step.position),
      minuteOf(step.occurred_at),
      step.channel,
      step.because ?? '',
      digits(step.weight),
      digits(step.computed_credit),
      ...(isChecked && !hasOther ? [] : [digits(step.known?.credit ?? 0)]),
      ...(hasOther ? [digits(step.reported?.credit ?? 0)] : []),
    ]),
    width,
  );
  const divided =
    total === null
      ? ''
      : total === 0
        ? '\nNo touchpoint weighs anything: each gets the same.'
        : `\nWeights add up to ${digits(total)}; credit is weight ÷ that.`;
  const doubt = isChecked
    ? ''
    : '\nThe model gives another credit (Known): it, or a setting, was changed since the build.';
  return `The path, weighed\n${table}${divided}${doubt}`;
}

/** The computation here against the model's. */
function isAsComputed(path: readonly PathStep[]): boolean {
  return path.every(({ computed_credit: own, known }) => own === null || Math.abs(own - (known?.credit ?? 0)) < 1e-9);
}

function digits(value: number | null): string {
  return value === null || value === 0 ? '–' : String(Number(value.toPrecision(4)));
}

function sources({ source_rows: rows }: CreditFacts, width: number): string {
  if (rows.length === 0) return '';
  return `The rows that platforms gave\n${renderTable(
    ['Behind', 'Raw table', 'Key', 'Load', 'Loaded'].map((title) => ({ title })),
    rows.map((row) => [
      row.behind,
      row.table,
      Object.entries(row.key)
        .map(([column, value]) => `${column} = ${value}`)
        .join(', '),
      row.load_id ?? '–',
      minuteOf(row.loaded_at),
    ]),
    width,
  )}`;
}
