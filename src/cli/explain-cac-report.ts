/**
 * One CAC as text: what was spent on what, who was won, and why the next one costs what it costs.
 */
import { percent } from './explain-conversion-report.ts';
import type { CacFacts } from './explain-cac-rows.ts';
import { shown } from './csv.ts';
import { decimal, money, plural } from './format.ts';
import { type Grain, periodName } from './period.ts';
import { renderTable } from './table.ts';

/** Rows of a list that a table shows; all are in --json. */
const SHOWN = 25;

/** `alignment`: lines about spend that is known for longer periods than this one. */
export function renderCacParts(facts: CacFacts, currency: string, width: number, alignment: string[] = []): string {
  return [
    [...heading(facts, currency), ...alignment].join('\n'),
    spend(facts, currency, width),
    customers(facts, width),
    comparison(facts, currency, width),
    doubts(facts),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

// --- internal ---

const CAC_STATUS: Record<string, string> = {
  ok: 'spend ÷ customers',
  granularity_mismatch: 'some of the spend is only known for longer periods than this one',
  missing_rate: 'an exchange rate of the period is missing',
  unmapped: 'no rule tells the channel of these campaigns: `revops check spend_mapping` names them',
  no_activity: 'neither spend nor customers',
  no_customers: 'nobody was won, or no more were won than lost',
  no_spend: 'customers, but nothing was spent',
};

const MARGINAL_STATUS: Record<string, string> = {
  ok: 'change of spend ÷ change of customers',
  scale_back: 'less was spent and less was won: what each customer forgone saved',
  not_significant: 'change of spend ÷ change of customers, which chance alone may explain: its interval contains 0',
  saturated: 'more was spent, and no more were won',
  efficiency_gain: 'less was spent, and no fewer were won',
  no_spend_change: 'the same was spent',
  no_lock: 'the last build was made without an attribution lock',
  granularity_mismatch: 'spend of this or the previous period is only known for longer periods',
  no_baseline: "there is no period before it in the attribution lock's baseline",
  incomplete_period: 'this or the previous period is not over, or not covered by every source',
  missing_rate: 'an exchange rate of this or the previous period is missing',
  unmapped: 'no rule tells the channel of these campaigns: `revops check spend_mapping` names them',
};

function heading(
  { channel, period_grain: grain, period_start: start, cac, marginal_cac: marginal }: CacFacts,
  currency: string,
): string[] {
  const status = shown(cac['status']);
  const judged = shown(marginal['status']);
  return [
    `CAC of ${channel}, ${periodName(start, grain as Grain)}, ${shown(cac['cost_basis'])} spend, ${shown(cac['attribution_model'])} attribution, ${currency}`,
    `cac        ${value(cac['cac'], currency)}: ${CAC_STATUS[status] ?? status} (${status})`,
    `marginal   ${value(marginal['marginal_cac'], currency)}: ${MARGINAL_STATUS[judged] ?? judged} (${judged})`,
    `elasticity ${elasticity(marginal, grain, currency)}`,
    `baseline   ${typeof cac['baseline_id'] === 'string' ? cac['baseline_id'] : 'none: there is no attribution lock'}; ${cac['is_complete'] === true ? 'the period is complete' : 'the period is not complete'}`,
  ];
}

/** Observational: what moved spend may have moved customers too. */
function elasticity(marginal: CacFacts['marginal_cac'], grain: string, currency: string): string {
  const { elasticity: slope, elasticity_periods: periods, elasticity_marginal_cac: estimate } = marginal;
  const { elasticity_ci_low: low, elasticity_ci_high: high, elasticity_r2: r2 } = marginal;
  const basis = `${plural(Number(periods), grain)} with spend and customers`;
  if (typeof slope !== 'number') {
    const why = Number(periods) < 8 ? ', and it takes 8' : ' say nothing: too alike, or fewer came for more';
    return `none: ${basis}${why} (not_identified)`;
  }
  const ends =
    typeof high === 'number'
      ? `${value(low, currency)} to ${money(high, currency)}`
      : `${value(low, currency)} or more`;
  return `${decimal(slope, 2)}, so the next costs ${value(estimate, currency)} (95 %: ${ends}); observed over ${basis}, R² ${decimal(Number(r2), 2)}`;
}

function value(amount: unknown, currency: string): string {
  return typeof amount === 'number' ? money(amount, currency) : 'none';
}

function spend({ spend: parts, totals }: CacFacts, currency: string, width: number): string {
  if (parts.length === 0) return 'Spend: none.';
  const right = { align: 'right' as const };
  const hasOther = parts.some(({ currency: own }) => own !== currency);
  const table = renderTable(
    [
      { title: 'Account' },
      { title: 'Campaign' },
      { title: 'Days', ...right },
      ...(hasOther
        ? [
            { title: 'Spend', ...right },
            { title: 'Rate', ...right },
          ]
        : []),
      { title: `Spend in ${currency}`, ...right },
    ],
    parts
      .slice(0, SHOWN)
      .map((part) => [
        `${part.platform} ${part.account_name ?? part.account_id}`,
        part.campaign_name ?? part.campaign_id,
        `${part.days}${part.open_days > 0 ? ' (may change)' : ''}`,
        ...(hasOther ? [`${part.spend} ${part.currency ?? ''}`, rates(part)] : []),
        part.days_without_rate > 0
          ? `no rate on ${plural(part.days_without_rate, 'day')}`
          : (part.spend_reporting ?? '–'),
      ]),
    width,
  );
  return `Spend: ${totals.spend ?? 'not known'} ${currency}\n${table}${more(parts.length)}`;
}

function rates({ lowest_rate: lowest, highest_rate: highest }: CacFacts['spend'][number]): string {
  if (lowest === null || highest === null) return '';
  return lowest === highest ? String(Number(lowest)) : `${Number(lowest)} to ${Number(highest)}`;
}

function customers({ customers: parts, totals }: CacFacts, width: number): string {
  const title = `New customers: ${decimal(totals.customers, 6)} of ${plural(totals.conversions, 'conversion')}`;
  if (parts.length === 0) return `${title}.`;
  const table = renderTable(
    [
      { title: 'Conversion' },
      { title: 'Booked' },
      { title: 'Touchpoints', align: 'right' },
      { title: 'Share', align: 'right' },
      { title: 'Credits' },
    ],
    parts
      .slice(0, SHOWN)
      .map((part) => [
        part.conversion_id,
        part.booked_date === part.last_booked_date
          ? part.booked_date
          : `${part.booked_date} to ${part.last_booked_date}`,
        `${part.touchpoints} of ${part.path_length}`,
        percent(Number(part.share)),
        Number(part.share) < 0 ? 'given back' : part.is_frozen ? 'frozen' : 'open',
      ]),
    width,
  );
  return `${title}\n${table}${more(parts.length)}`;
}

function more(rows: number): string {
  return rows > SHOWN ? `\n${plural(rows - SHOWN, 'row')} more; --json has all.` : '';
}

function comparison(facts: CacFacts, currency: string, width: number): string {
  const { previous, totals, interval, marginal_cac: marginal, period_grain: grain, period_start: start } = facts;
  if (previous === null || interval === null) return 'It is the first period of the channel: there is none before it.';
  const right = { align: 'right' as const };
  const name = (day: string): string => periodName(day, grain as Grain);
  const table = renderTable(
    [
      { title: '' },
      { title: name(previous.period_start), ...right },
      { title: name(start), ...right },
      { title: 'Change', ...right },
    ],
    [
      ['Spend', previous.spend ?? '–', totals.spend ?? '–', shown(marginal['spend_change'] ?? '–')],
      ['New customers', decimal(previous.customers, 6), decimal(totals.customers, 6), decimal(interval.change, 6)],
      ['Variance (Σ share²)', decimal(previous.variance, 6), decimal(totals.variance, 6), ''],
    ],
    width,
  );
  const [low, high] = [marginal['ci_low'], marginal['ci_high']];
  const margin = `±1.96·√(${decimal(totals.variance, 4)} + ${decimal(previous.variance, 4)}) = ±${decimal(interval.margin, 4)}`;
  return [
    'Against the period before',
    table,
    `95 % interval of the change of customers: ${decimal(interval.change, 4)} ${margin}, ${decimal(interval.low, 4)} to ${decimal(interval.high, 4)}.`,
    ...(typeof low === 'number'
      ? [
          `Of marginal CAC: change of spend ÷ these ends: ${typeof high === 'number' ? `${money(low, currency)} to ${money(high, currency)}` : `${money(low, currency)} or more, with no upper end`}.`,
        ]
      : []),
  ].join('\n');
}

function doubts({ checks }: CacFacts): string {
  const wrong = checks.filter(({ is_same: isSame }) => !isSame);
  if (wrong.length === 0) return 'These parts add up to the numbers of the marts.';
  return wrong
    .map(({ what, parts, mart }) => `The parts give ${what} ${parts ?? 'none'}, the mart has ${mart ?? 'none'}.`)
    .join('\n');
}
