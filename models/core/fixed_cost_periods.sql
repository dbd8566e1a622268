/*
description: >-
  Costs besides ad spend by channel and period, beside its spend: those of the channel itself, and its share of those that
  are for all channels, in proportion to what each spent in the period. The channel (all) has all costs, those that no
  channel can be given too: of a channel without spend and customers then, or of a period in which nobody spent. Days after
  the build's are not counted yet. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel, as in channel_periods.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  own_costs: { type: 'decimal(18,6)', description: "Costs for the channel itself; of (all): every cost. NULL where an exchange rate is missing." }
  shared_costs: { type: 'decimal(18,6)', description: "Its share of costs for all channels, by spend; NULL where a rate of these or of the spend is missing." }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
tests:
  - row_count: { equals: channel_periods }
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

-- An empty text: for all channels.
costs_by_period as (
  select
    coalesce(nullif(fixed_cost_days.channel, '(all)'), '') as channel,
    grains.period_grain,
    sum(fixed_cost_days.cost_reporting) as costs,
    count(*) filter (where fixed_cost_days.cost_reporting is null) as days_without_rate,
    period_start(fixed_cost_days.cost_date, grains.period_grain, settings.week_start) as period_start
  from fixed_cost_days
  cross join grains
  cross join settings
  cross join clock
  where fixed_cost_days.cost_date <= clock.today
    and (settings.first_date is null or fixed_cost_days.cost_date >= settings.first_date)
  group by
    coalesce(nullif(fixed_cost_days.channel, '(all)'), ''),
    grains.period_grain,
    period_start(fixed_cost_days.cost_date, grains.period_grain, settings.week_start)
),

own as (
  select
    channel,
    period_grain,
    case when days_without_rate = 0 then cast(costs as decimal(18,6)) end as costs,
    period_start
  from costs_by_period

  union all

  select
    '(all)' as channel,
    period_grain,
    case when sum(days_without_rate) = 0 then cast(sum(costs) as decimal(18,6)) end as costs,
    period_start
  from costs_by_period
  group by period_grain, period_start
)

select
  channel_periods.channel,
  channel_periods.period_grain,
  case when own.channel is null then cast(0 as decimal(18,6)) else own.costs end as own_costs,
  cast(
    case
      when shared.channel is null or channel_periods.channel = '(all)' then 0
      when channel_periods.spend <= 0 or totals.spend <= 0 then 0
      else shared.costs * cast(decimal_ratio(channel_periods.spend, totals.spend) as decimal(18,12))
    end as decimal(18,6)
  ) as shared_costs,
  channel_periods.period_start
from channel_periods
inner join channel_periods as totals
  on totals.channel = '(all)'
  and totals.period_grain = channel_periods.period_grain
  and totals.period_start = channel_periods.period_start
left join own
  on own.channel = channel_periods.channel
  and own.period_grain = channel_periods.period_grain
  and own.period_start = channel_periods.period_start
left join own as shared
  on shared.channel = ''
  and shared.period_grain = channel_periods.period_grain
  and shared.period_start = channel_periods.period_start
