/**
 * The way of a deal as text.
 */
import { percent } from './explain-conversion-report.ts';
import { money, plural } from './format.ts';
import { minuteOf, shortKey } from './shown-id.ts';
import { renderTable } from './table.ts';
import type { DealTrace, Step } from './trace-rows.ts';

export function renderTrace(trace: DealTrace, currency: string, width: number): string {
  const { deal, conversions, people, steps, missing } = trace;
  const letters = new Map(people.map(({ person_id: id }, at) => [id, nameOf(at)]));
  return [
    [
      `Deal ${deal.source}:${deal.deal_id}${deal.deal_name === null ? '' : `, ${deal.deal_name}`}: ${deal.is_deleted ? 'deleted' : deal.outcome}${amountOf(deal, currency)}`,
      ...conversions.map(
        ({ conversion_id: id, rule, is_new_customer: isNew }) =>
          `${rule === 'kept' ? 'is' : `is told of by (${rule})`} ${id}${isNew === true ? ', a new customer' : isNew === false ? ', expansion' : ''}`,
      ),
      ...people.map(
        ({ person_id: id, is_via_company: isVia, touchpoints }, at) =>
          `person ${nameOf(at)} is ${shortKey(id)}${isVia ? ', known through the company' : ''}, with ${plural(touchpoints, 'touchpoint')}`,
      ),
    ].join('\n'),
    steps.length === 0 ? '' : table(steps, letters, currency, width),
    missing.length === 0
      ? `The chain is whole: touch → person → deal → revenue${steps.some(({ kind }) => kind === 'renewal') ? ' → renewal' : ''}.`
      : missing.map(({ link, why }) => `Missing: ${link}: ${why}.`).join('\n'),
    'Times are UTC.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

// --- internal ---

function table(steps: readonly Step[], letters: ReadonlyMap<string, string>, currency: string, width: number): string {
  return renderTable(
    [
      { title: 'When' },
      { title: 'Link' },
      { title: 'Who' },
      { title: 'What' },
      { title: 'Detail' },
      { title: 'Credit', align: 'right' },
      { title: 'Amount', align: 'right' },
    ],
    steps.map((step) => [
      minuteOf(step.occurred_at),
      step.kind,
      step.person_id === null ? '' : (letters.get(step.person_id) ?? ''),
      step.what,
      step.detail ?? '',
      step.credit === null ? '' : percent(step.credit),
      step.amount === null ? '' : money(Number(step.amount), step.currency ?? currency),
    ]),
    width,
  );
}

/** A, B, …, Z, then 27, 28. */
function nameOf(at: number): string {
  return at < 26 ? String.fromCharCode(65 + at) : String(at + 1);
}

function amountOf({ amount, currency }: DealTrace['deal'], reporting: string): string {
  return amount === null ? '' : `, ${money(Number(amount), currency ?? reporting)}`;
}
