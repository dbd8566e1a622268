/*
description: >-
  Ad spend by channel and by day, week, month and quarter. What is reported by the week serves weeks that begin on the
  same day, by the month months and quarters; every other period that it reaches into is marked. Facts before the
  project's first day are left out. One row per channel, period grain and period with spend.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing. What is reported for longer stands in the period of its first day." }
  has_coarser_spend: { type: boolean, description: Whether some of the spend is only known for longer periods than this one., tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

spent as (
  select spend_days.channel, spend_days.source_grain, spend_days.spend, spend_days.spend_date
  from spend_days
  cross join settings
  where settings.first_date is null or spend_days.spend_date >= settings.first_date
),

-- Each day of what is reported for several.
coarse_days as (
  select
    channel,
    source_grain,
    spend_date,
    dense_periods(spend_date, next_period_start(spend_date, source_grain) - 1, 'day') as day
  from spent
  where source_grain <> 'day'
),

parts as (
  select
    spent.channel,
    grains.period_grain,
    spent.spend,
    false as is_coarser,
    period_start(spent.spend_date, grains.period_grain, settings.week_start) as period_start
  from spent
  cross join grains
  cross join settings

  union all

  select
    coarse_days.channel,
    grains.period_grain,
    cast(0 as decimal(18,6)) as spend,
    true as is_coarser,
    period_start(coarse_days.day, grains.period_grain, settings.week_start) as period_start
  from coarse_days
  cross join grains
  cross join settings
  where period_start(coarse_days.spend_date, coarse_days.source_grain, settings.week_start) <> coarse_days.spend_date
    or (coarse_days.source_grain = 'week' and grains.period_grain <> 'week')
    or (coarse_days.source_grain = 'month' and grains.period_grain not in ('month', 'quarter'))
)

select
  channel,
  period_grain,
  case when count(*) = count(spend) then cast(sum(spend) as decimal(18,6)) end as spend,
  bool_or(is_coarser) as has_coarser_spend,
  period_start
from parts
group by channel, period_grain, period_start
