/**
 * A conversion as text: what it is, what it rests on, and which touchpoint got what.
 */
import { ATTRIBUTION_MODELS } from '../project/config.ts';
import type { ConversionFacts, Credit, LeftOut, Touch } from './explain-conversion-rows.ts';
import { decimal, money, plural } from './format.ts';
import { minuteOf, shortKey } from './shown-id.ts';
import { renderTable } from './table.ts';

/** Touchpoints outside of the path that are listed on each side; all are in --json. */
const NEAREST = 5;

export function renderConversion(facts: ConversionFacts, width: number): string {
  return [
    heading(facts).join('\n'),
    section('Its people', [['Person'], ['Known by']], peopleRows(facts), width),
    section(
      'Told by',
      [['Record'], ['Id'], ['When'], ['Rule']],
      facts.told_by.map((row) => [
        row.record_type.replaceAll('_', ' '),
        `${row.source}:${row.record_id}`,
        minuteOf(row.occurred_at),
        RULES[row.rule] ?? row.rule,
      ]),
      width,
    ),
    section('What its source tells', [['When'], ['What'], ['Record'], ['Detail'], ['By']], recordRows(facts), width),
    touchpoints(facts, width),
    matrix(facts, width),
    section(
      'Known since, and not in the frozen credits',
      [['Noticed'], ['Build'], ['Cause'], ['Credits', 'right']],
      facts.restatements.map((row) => [minuteOf(row.noted_at), row.build_id, row.cause, String(row.credits)]),
      width,
    ),
    'Times are UTC. One credit with its weights and source rows: `revops explain credit`.',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** A share as people read it. */
export function percent(part: number): string {
  return `${decimal(part * 100, 1)} %`;
}

// --- internal ---

/** What the time of a conversion rests on. */
const EVIDENCE: Record<string, string> = {
  payment: 'a payment',
  stage_history: 'the history of stages',
  close_date: 'the close date, typed by a person',
  last_change: 'the last change: neither history nor close date is known',
  created: 'the creation of its record',
  event: 'the event',
};

/** Why a record is the conversion, or is none by itself. */
const RULES: Record<string, string> = {
  kept: 'this is the conversion',
  same_owner: 'duplicate: of the same owner, within the time in which that is one',
  other_crm: 'duplicate: another CRM tells of the same',
  same_order: 'duplicate: another event tells of the same order',
  refunded: 'was the conversion until all was given back',
  evidence: 'evidence: makes none by itself',
};

const ENDED: Record<string, string> = {
  reopened: 'the deal was re-opened',
  lost: 'the deal was lost',
  merged: 'the deal was merged into another',
  deleted: 'the deal was deleted',
  refunded: 'the customer got all back',
};

const LEFT_OUT: Record<LeftOut, string> = {
  'before the lookback': 'nothing: before the lookback',
  'after the conversion': 'nothing: after the conversion',
  'known too late': 'nothing: known only after the credits were frozen',
  'not in the path any more': 'frozen; not in the path any more',
};

/** What CAC makes of the credits of a win that is none any more. */
function creditsOfEnded(facts: ConversionFacts, are: string): string {
  const { unattributed, reversals, settings } = facts;
  const hasCredits = [unattributed, ...facts.touchpoints.map(({ credits }) => credits)].some(
    (credits) => Object.keys(credits).length > 0,
  );
  if (!hasCredits) return 'none: it was deleted before they settled';
  const on = reversals[0]?.reversed_date;
  return on === undefined ? are : `${are}; CAC gives them back on ${on} (${settings.time_zone})`;
}

function heading(facts: ConversionFacts): string[] {
  const { conversion_id: id, conversion, window, settings, credits_are: state } = facts;
  const title = `Conversion ${id}`;
  const frozen = `frozen ${minuteOf(state.locked_at)} under baseline ${state.baseline_id ?? '–'}`;
  if (conversion === null || window === null) {
    return [
      title,
      ...ends(facts),
      `credits   ${creditsOfEnded(facts, state.settled ? `stay as reported, ${frozen}` : 'as known now, since it ended before they settled')}`,
    ];
  }
  const text = (name: string): string | null => textOf(conversion[name]);
  const evidence = text('evidence') ?? '';
  return [
    title,
    `what      ${kindOf(conversion)}${worth(amounts(conversion), settings.reporting_currency)}${text('company_id') === null ? '' : `, company ${text('company_id')}`}`,
    `when      ${minuteOf(text('converted_at'))}, ${text('converted_date')} in ${settings.time_zone}; by ${EVIDENCE[evidence] ?? evidence}`,
    `recorded  ${recorded(text('recorded_at'), conversion['drift_seconds'])}`,
    `lookback  from ${minuteOf(textOf(window['opens_at']))}: ${plural(settings.lookback_days, 'day')} of 24 hours`,
    ...milestones(textOf(window['lead_at']), textOf(window['opportunity_at'])),
    `credits   ${
      state.settled
        ? `settled ${minuteOf(textOf(window['settles_at']))}, ${frozen}`
        : `not frozen; settles ${minuteOf(textOf(window['settles_at']))}${state.baseline_id === null ? ', once there is an attribution lock' : `; computed under baseline ${state.baseline_id}`}`
    }`,
  ];
}

/** Of a conversion that is none any more. */
function ends({ reversals }: ConversionFacts): string[] {
  const [first] = reversals;
  if (first === undefined)
    return ['ended     withdrawn: its record is gone, or the definition of a conversion is another'];
  const into = first.merged_into_id === null ? '' : ` (${first.merged_into_id})`;
  const actor = first.actor === null ? '' : `, ${first.actor}`;
  const again = first.is_won_again ? ['          the deal was won again: a conversion of its own'] : [];
  return [`ended     ${minuteOf(first.reversed_at)}: ${ENDED[first.cause] ?? first.cause}${into}${actor}`, ...again];
}

function amounts(conversion: Record<string, unknown>): {
  amount: string | null;
  currency: string | null;
  own: string | null;
} {
  return {
    amount: textOf(conversion['amount']),
    currency: textOf(conversion['currency']),
    own: textOf(conversion['amount_reporting']),
  };
}

function kindOf(conversion: Record<string, unknown>): string {
  if (conversion['conversion_type'] !== 'customer') return String(conversion['conversion_type']);
  return conversion['is_new_customer'] === true ? 'new customer' : 'won deal of a customer it was already (expansion)';
}

function worth({ amount, currency, own }: ReturnType<typeof amounts>, reporting: string): string {
  if (amount === null) return '';
  if (own === null) return `, ${amount} ${currency} (no exchange rate of its day)`;
  const converted = money(Number(own), reporting);
  return currency === reporting ? `, ${converted}` : `, ${money(Number(amount), currency ?? reporting)} = ${converted}`;
}

function recorded(at: string | null, drift: unknown): string {
  if (at === null) return 'its source does not tell when it learnt of it';
  const seconds = Number(drift ?? 0);
  return seconds === 0
    ? `${minuteOf(at)}, at once`
    : `${minuteOf(at)}, ${span(seconds)} ${seconds > 0 ? 'later' : 'before'}`;
}

function span(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 60) return `${decimal(size)} s`;
  if (size < 7200) return `${decimal(size / 60)} min`;
  return size < 172_800 ? `${decimal(size / 3600)} h` : `${decimal(size / 86_400)} days`;
}

function milestones(lead: string | null, opportunity: string | null): string[] {
  const told = [
    ...(lead === null ? [] : [`lead ${minuteOf(lead)}`]),
    ...(opportunity === null ? [] : [`opportunity ${minuteOf(opportunity)}`]),
  ];
  return told.length === 0 ? [] : [`before    ${told.join(', ')}`];
}

function peopleRows({ people }: ConversionFacts): string[][] {
  return people.map(({ person_id: id, is_via_company: isVia }) => [
    shortKey(id),
    isVia ? 'only as a contact of the company' : 'a contact of its record',
  ]);
}

function recordRows({ records }: ConversionFacts): string[][] {
  return records.map((row) => [
    minuteOf(row.occurred_at),
    row.what,
    `${row.source}:${row.record_id}`,
    row.detail ?? '',
    row.actor ?? '',
  ]);
}

function touchpoints(facts: ConversionFacts, width: number): string {
  const { touchpoints: all, settings, conversion } = facts;
  if (all.length === 0) {
    if (conversion === null) return '';
    const why = facts.people.length === 0 ? ': it has no people' : ': its people have none';
    return `No touchpoint is known${why}. All of its credit is (unattributed).`;
  }
  const { shown, hidden } = nearest(all);
  const rows = shown.map((touch) => [
    touch.position === null ? '' : String(touch.position),
    touch.is_date_only === true ? (touch.occurred_at ?? '').slice(0, 10) : minuteOf(touch.occurred_at),
    touch.channel,
    touch.campaign ?? ([touch.source, touch.medium].filter((part) => part !== null).join(' / ') || '–'),
    shortKey(touch.touchpoint_id),
    got(touch, settings.primary_model, settings.reporting_currency),
  ]);
  const table = section(
    'Touchpoints of its people',
    [['#', 'right'], ['When'], ['Channel'], ['Campaign or source'], ['Touchpoint'], [`By ${settings.primary_model}`]],
    rows,
    width,
  );
  const path =
    conversion === null || all.some(({ position }) => position !== null)
      ? []
      : ['None of them lies in the lookback: all of its credit is (unattributed).'];
  const more = hidden === 0 ? [] : [`${plural(hidden, 'touchpoint')} farther away are left out here; --json has them.`];
  return [table, ...path, ...more].join('\n');
}

/** The path, what is odd, and the nearest on both sides. */
function nearest(all: readonly Touch[]): { shown: Touch[]; hidden: number } {
  const before = all.filter(({ left_out: why }) => why === 'before the lookback').slice(-NEAREST);
  const after = all.filter(({ left_out: why }) => why === 'after the conversion').slice(0, NEAREST);
  const kept = new Set([...before, ...after]);
  const shown = all.filter(
    (touch) =>
      kept.has(touch) || (touch.left_out !== 'before the lookback' && touch.left_out !== 'after the conversion'),
  );
  return { shown, hidden: all.length - shown.length };
}

function got({ left_out: why, credits }: Touch, model: string, currency: string): string {
  const credit = credits[model];
  if (why !== null && credit === undefined) return LEFT_OUT[why];
  if (credit === undefined) return 'nothing';
  const amount = credit.amount_credit === null ? '' : `, ${money(Number(credit.amount_credit), currency)}`;
  return `${percent(credit.credit)}${amount}${why === null ? '' : ` (${LEFT_OUT[why]})`}`;
}

/** What each model gave each touchpoint. */
function matrix({ touchpoints: all, unattributed }: ConversionFacts, width: number): string {
  const credited = all.filter(({ credits }) => Object.keys(credits).length > 0);
  const found: Record<string, Credit>[] = credited.map(({ credits }) => credits);
  const models = [...new Set([...found, unattributed].flatMap((credits) => Object.keys(credits)))];
  const inOrder = MODELS.filter((model) => models.includes(model));
  const columns = [...inOrder, ...models.filter((model) => !MODELS.includes(model)).toSorted()];
  const rows = credited.map((touch) => [
    touch.position === null ? '–' : String(touch.position),
    ...columns.map((model) => share(touch.credits[model])),
  ]);
  const none = Object.keys(unattributed).length > 0;
  return section(
    'Credit in percent, by model',
    [['#', 'right'], ...columns.map((model): [string, 'right'] => [model, 'right'])],
    none ? [...rows, ['(un)', ...columns.map((model) => share(unattributed[model]))]] : rows,
    width,
  );
}

const MODELS: readonly string[] = ATTRIBUTION_MODELS;

function share(credit: Credit | undefined): string {
  return credit === undefined ? '–' : decimal(credit.credit * 100, 1);
}

function section(
  title: string,
  columns: readonly (readonly [string] | readonly [string, 'right'])[],
  rows: readonly string[][],
  width: number,
): string {
  if (rows.length === 0) return '';
  const shown = columns.map(([name, align]) => (align === undefined ? { title: name } : { title: name, align }));
  return `${title}\n${renderTable(shown, rows, width)}`;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
