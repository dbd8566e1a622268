/**
 * One number of the mart `cac` taken apart: the spend and the customers behind it, and what it is compared with.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { Row } from '../warehouse/types.ts';
import { requireChannel } from './cac-channel.ts';
import type { PeriodRange } from './period.ts';

export interface CacFacts {
  channel: string;
  period_grain: string;
  period_start: string;
  period_end: string;
  /** The rows of the marts. */
  cac: Row;
  marginal_cac: Row;
  spend: SpendPart[];
  customers: CustomerPart[];
  /** Made of the parts above, as the marts make it. */
  totals: Totals;
  /** Of the period before; null for a channel's first. */
  previous: (Totals & { period_start: string }) | null;
  /** What makes the 95 % interval of the change of customers; null without a period before. */
  interval: { change: number; margin: number; low: number; high: number } | null;
  /** The parts against the marts: all equal, unless a model was replaced by one that counts otherwise. */
  checks: { what: string; parts: string | number | null; mart: string | number | null; is_same: boolean }[];
}

/** Spend of a campaign in the period. */
export interface SpendPart {
  platform: string;
  account_id: string;
  account_name: string | null;
  campaign_id: string;
  campaign_name: string | null;
  currency: string | null;
  source_grain: string;
  /** Days with a row; and the first and last of them. */
  days: number;
  first_date: string;
  last_date: string;
  /** Days that the platform may still restate. */
  open_days: number;
  /** Decimal text, in the account's currency. */
  spend: string;
  /** Lowest and highest rate of these days; null where none is needed, or none is known. */
  lowest_rate: string | null;
  highest_rate: string | null;
  days_without_rate: number;
  /** Decimal text, in the project's currency. */
  spend_reporting: string | null;
}

/** A conversion's part in the customers of the period. */
export interface CustomerPart {
  conversion_id: string;
  company_id: string | null;
  /** First and last day that its credit is booked on: the same, unless credit is booked on touchpoints. */
  booked_date: string;
  last_booked_date: string;
  /** The channel's share, decimal text. */
  share: string;
  /** Touchpoints of the channel that have credit, of so many in the path. */
  touchpoints: number;
  path_length: number;
  is_frozen: boolean;
}

export interface Totals {
  /** Decimal text; null where a rate is missing. */
  spend: string | null;
  customers: number;
  conversions: number;
  /** Σ of the squared shares: the variance of customers as a Poisson count. */
  variance: number;
}

/** All about the number of a channel and one period. USAGE where there is no such channel or period. */
export async function cacFacts(session: Session, channel: string, range: PeriodRange): Promise<CacFacts> {
  const asked = [channel, range.grain, range.from];
  const [cac] = await session.query<CacRow>(rowOf('cac'), asked);
  const [marginal] = await session.query<Row>(rowOf('marginal_cac'), asked);
  if (cac === undefined || marginal === undefined) throw await unknown(session, channel, range);
  if (cac.period_end < range.to) {
    throw new RevopsError('USAGE', `--period: ${range.from} to ${range.to} is several periods`, {
      hint: 'Give one quarter (2026-Q3), month (2026-09), week (2026-W36) or day.',
    });
  }
  const { period_start: from, period_end: to } = cac;
  const totals = await totalsOf(session, channel, from, to);
  const before = textOf(marginal['previous_period_start']);
  const previous =
    before === null ? null : { period_start: before, ...(await totalsOf(session, channel, before, from, '<')) };
  const interval = previous === null ? null : intervalOf(totals, previous);
  return {
    channel,
    period_grain: range.grain,
    period_start: from,
    period_end: to,
    cac,
    marginal_cac: marginal,
    spend: await session.query(SPEND, [channel, from, to]),
    customers: await session.query(CUSTOMERS, [channel, from, to]),
    totals,
    previous,
    interval,
    checks: [
      check('spend', totals.spend, cac.spend),
      check('customers', totals.customers, cac.customers),
      check('conversions', totals.conversions, cac.conversions),
      check('variance of customers', totals.variance, cac.customers_variance),
      ...(previous === null
        ? []
        : [
            check('spend of the period before', previous.spend, textOf(marginal['previous_spend'])),
            check('customers of the period before', previous.customers, numberOf(marginal['previous_customers'])),
          ]),
      ...(interval === null
        ? []
        : [
            check('lower end of the change of customers', interval.low, numberOf(marginal['customers_change_low'])),
            check('upper end of the change of customers', interval.high, numberOf(marginal['customers_change_high'])),
          ]),
    ],
  };
}

// --- internal ---

type CacRow = Row & {
  spend: string | null;
  customers: number;
  conversions: number;
  customers_variance: number;
  period_start: string;
  period_end: string;
};

function rowOf(mart: string): string {
  return `select * from ${mart} where cost_basis = 'media' and channel = $1 and period_grain = $2
    and period_start <= cast($3 as date) and period_end >= cast($3 as date)`;
}

/** Of all channels and days that a number is made of: `(all)` is every channel. */
const SPENT = `
from spend_daily
cross join (select reporting_currency, first_date from settings) as settings
where ($1 = '(all)' or spend_daily.channel = $1)
  and spend_daily.spend_date >= cast($2 as date)
  and (settings.first_date is null or spend_daily.spend_date >= settings.first_date)`;

const SPEND = `
with spent as (
  select spend_daily.*, settings.reporting_currency ${SPENT} and spend_daily.spend_date <= cast($3 as date)
)
select spent.platform, spent.account_id, max(spent.account_name) as account_name, spent.campaign_id,
  max(campaigns.campaign_name) as campaign_name, spent.currency, spent.source_grain,
  count(distinct spent.spend_date) as days, min(spent.spend_date) as first_date, max(spent.spend_date) as last_date,
  count(distinct case when not spent.is_final then spent.spend_date end) as open_days,
  cast(sum(spent.spend) as decimal(18,6)) as spend, min(daily_rates.rate) as lowest_rate,
  max(daily_rates.rate) as highest_rate,
  count(distinct case when spent.spend_reporting is null then spent.spend_date end) as days_without_rate,
  cast(sum(spent.spend_reporting) as decimal(18,6)) as spend_reporting
from spent
left join campaigns
  on campaigns.platform = spent.platform
  and campaigns.account_id = spent.account_id
  and campaigns.campaign_id = spent.campaign_id
left join daily_rates
  on daily_rates.rate_date = spent.spend_date
  and daily_rates.currency = spent.currency
  and daily_rates.currency <> spent.reporting_currency
group by spent.platform, spent.account_id, spent.campaign_id, spent.currency, spent.source_grain
order by sum(spent.spend_reporting) desc nulls first, byte_order(spent.platform), byte_order(spent.account_id),
  byte_order(spent.campaign_id)`;

/**
 * A channel's share of a conversion in the period, less than nothing where the customer was lost in it: decimals, whose
 * sums do not depend on their order.
 */
const SHARES = `
select attribution_credits.conversion_id, min(attribution_credits.booked_date) as booked_date,
  max(attribution_credits.booked_date) as last_booked_date,
  cast(
    round(sum(cast(attribution_credits.credit as decimal(18,12))), case when $1 = '(all)' then 9 else 12 end)
    as decimal(18,12)
  ) as share,
  count(*) filter (where attribution_credits.position is not null) as touchpoints,
  max(attribution_credits.path_length) as path_length,
  count(attribution_credits.locked_at) > 0 as is_frozen
from (
  select conversion_id, attribution_model, channel, position, path_length, credit, is_new_customer, booked_date, locked_at
  from attribution_credits

  union all

  select conversion_id, attribution_model, channel, position, path_length, credit, is_new_customer, booked_date, locked_at
  from reversed_credits
) as attribution_credits
cross join (select primary_model, first_date from settings) as settings
where attribution_credits.is_new_customer
  and attribution_credits.attribution_model = settings.primary_model
  and ($1 = '(all)' or attribution_credits.channel = $1)
  and attribution_credits.booked_date >= cast($2 as date)
  and (settings.first_date is null or attribution_credits.booked_date >= settings.first_date)`;

const CUSTOMERS = `
with shares as (
  ${SHARES} and attribution_credits.booked_date <= cast($3 as date)
  group by attribution_credits.conversion_id
)
select shares.conversion_id, conversions.company_id, shares.booked_date, shares.last_booked_date, shares.share, shares.touchpoints,
  shares.path_length, shares.is_frozen
from shares
left join conversions on conversions.conversion_id = shares.conversion_id
order by shares.share desc, shares.booked_date, byte_order(shares.conversion_id)`;

/** `end` counts, or with `<` is the day after the last one. */
async function totalsOf(
  session: Session,
  channel: string,
  start: string,
  end: string,
  upTo: '<' | '<=' = '<=',
): Promise<Totals> {
  const [spent] = await session.query<{ spend: string | null }>(
    `select case when count(*) = count(spend_daily.spend_reporting)
       then cast(coalesce(sum(spend_daily.spend_reporting), 0) as decimal(18,6)) end as spend
     ${SPENT} and spend_daily.spend_date ${upTo} cast($3 as date)`,
    [channel, start, end],
  );
  const [won] = await session.query<Omit<Totals, 'spend'>>(
    `with shares as (
       ${SHARES} and attribution_credits.booked_date ${upTo} cast($3 as date)
       group by attribution_credits.conversion_id
     )
     select cast(round(coalesce(sum(share), 0), 9) as double precision) as customers,
       count(*) filter (where share > 0) as conversions,
       cast(coalesce(sum(share * share), 0) as double precision) as variance
     from shares`,
    [channel, start, end],
  );
  return {
    spend: spent?.spend ?? null,
    customers: Number(won?.customers),
    conversions: Number(won?.conversions),
    variance: Number(won?.variance),
  };
}

function intervalOf(now: Totals, before: Totals): NonNullable<CacFacts['interval']> {
  const change = Number((now.customers - before.customers).toFixed(9));
  const margin = 1.96 * Math.sqrt(now.variance + before.variance);
  return { change, margin, low: change - margin, high: change + margin };
}

/** Sums of decimals are equal to the last digit; ends of an interval to what two programs make of a root. */
function check(what: string, parts: string | number | null, mart: string | number | null): CacFacts['checks'][number] {
  const isNear =
    typeof parts === 'number' && typeof mart === 'number'
      ? Math.abs(parts - mart) <= 1e-12 * Math.max(1, Math.abs(mart))
      : parts === mart;
  return { what, parts, mart, is_same: isNear };
}

async function unknown(session: Session, channel: string, { grain, from }: PeriodRange): Promise<RevopsError> {
  await requireChannel(session, channel);
  const [span] = await session.query<{ first_start: string; last_end: string }>(
    `select min(period_start) as first_start, max(period_end) as last_end from cac where channel = $1 and period_grain = $2`,
    [channel, grain],
  );
  return new RevopsError('USAGE', `--period: ${channel} has no ${grain} with ${from}`, {
    hint: `It has spend or customers from ${span?.first_start ?? '–'} to ${span?.last_end ?? '–'}.`,
  });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
