/**
 * Costs besides ad spend of campaigns, segments or platforms: a channel's costs are shared among what spent in it, in
 * proportion to spend, as costs for all channels are among channels.
 */
import { literal } from '../warehouse/sql.ts';
import { unknownOf } from './cac-placed.ts';
import { type Dimension, isByChannel } from './cac-question.ts';

/** What costs are shared among. */
export interface SharedAmong {
  by: Dimension;
  /** A SELECT of the spend that was asked about, like `spend_daily`, with its `key`. */
  spent: string;
  /** The channel asked about; default all. */
  channel?: string | undefined;
  /** Whether only some of a channel's spend was asked about. */
  isPart: boolean;
}

/**
 * A SELECT that stands for `fixed_cost_periods`, whose channel is a key. What a channel without ad spend costs is of no
 * campaign; (all) has every cost of what was asked about. `costs`: the SELECT of `fixed_cost_periods` by channel; `spend`:
 * that of `spend_daily`.
 */
export function sharedCosts(
  { by, spent, channel, isPart }: SharedAmong,
  { costs, spend }: { costs: string; spend: string },
): string {
  const whole = literal(channel ?? '(all)');
  const rest = isByChannel({ by }) ? 'costs.channel' : `'${unknownOf(by)}'`;
  return `
with grains as (
  select period_grain from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),
costs as (select * from (${costs}) as given),
spent as (
  select channel, key, period_grain,
    case when count(*) = count(spend_reporting) then sum(spend_reporting) end as spend,
    period_start(spend_date, period_grain, settings.week_start) as period_start
  from (${spent}) as asked
  cross join grains
  cross join settings
  where settings.first_date is null or spend_date >= settings.first_date
  group by 1, 2, 3, 5
),
totals as (
  select channel, period_grain,
    case when count(*) = count(spend_reporting) then sum(spend_reporting) end as spend,
    period_start(spend_date, period_grain, settings.week_start) as period_start
  from (${spend}) as spend_daily
  cross join grains
  cross join settings
  where settings.first_date is null or spend_date >= settings.first_date
  group by 1, 2, 4
),
parts as (
  select spent.key, spent.period_grain, spent.period_start, costs.own_costs, costs.shared_costs,
    case
      when totals.spend is null then null
      when spent.spend <= 0 or totals.spend <= 0 then 0
      else cast(decimal_ratio(spent.spend, totals.spend) as decimal(18,12))
    end as ratio
  from spent
  inner join totals on totals.channel = spent.channel and totals.period_grain = spent.period_grain
    and totals.period_start = spent.period_start
  inner join costs on costs.channel = spent.channel and costs.period_grain = spent.period_grain
    and costs.period_start = spent.period_start

  union all

  select ${rest} as key, costs.period_grain, costs.period_start, costs.own_costs, costs.shared_costs, 1 as ratio
  from costs
  left join totals on totals.channel = costs.channel and totals.period_grain = costs.period_grain
    and totals.period_start = costs.period_start
  where ${isPart ? 'false' : `costs.channel <> '(all)' and (${whole} = '(all)' or costs.channel = ${whole})`}
    and coalesce(totals.spend, 0) = 0 and (totals.channel is null or totals.spend is not null)
),
keyed as (
  select key as channel, period_grain, period_start,
    case when count(*) = count(own_costs * ratio) then sum(cast(own_costs * ratio as decimal(18,6))) end as own_costs,
    case when count(*) = count(shared_costs * ratio) then sum(cast(shared_costs * ratio as decimal(18,6))) end as shared_costs
  from parts group by 1, 2, 3
),
whole as (
  select '(all)' as channel, period_grain, period_start, own_costs, shared_costs
  from ${isPart ? 'keyed' : `costs where channel = ${whole}`}
)
select channel, period_grain, cast(own_costs as decimal(18,6)) as own_costs,
  cast(shared_costs as decimal(18,6)) as shared_costs, period_start
from keyed
union all
select channel, period_grain,
  case when count(*) = count(own_costs) then cast(sum(own_costs) as decimal(18,6)) end as own_costs,
  case when count(*) = count(shared_costs) then cast(sum(shared_costs) as decimal(18,6)) end as shared_costs, period_start
from whole group by channel, period_grain, period_start`;
}
