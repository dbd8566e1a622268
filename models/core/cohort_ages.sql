/*
description: >-
  The ages that each cohort of a channel has reached: those that it has completed, and the one under way, up to 26 weeks, 24
  months, 8 quarters. Cohorts begin with the channel's first spend or first customer, and have no gap. One row per channel,
  period grain, cohort and age.
grain: [channel, period_grain, cohort_start, age]
columns:
  channel: { type: text, description: "Channel, as in cohort_cac.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  age: { type: bigint, description: "Whole periods after the cohort's own.", tests: [not_null, { between: [0, 26] }] }
  is_complete: { type: boolean, description: "Whether the cohort's own period is complete, as in channel_periods.", tests: [not_null] }
  is_mature: { type: boolean, description: "Whether the cohort has completed the age, in all sources.", tests: [not_null] }
  cohort_start: { type: date, description: First day of the cohort., tests: [not_null] }
  counted_start: { type: date, description: First day of the period in which it has this age., tests: [not_null] }
*/
with grains as (
  select period_grain, last_age
  from (values ('week', 26), ('month', 24), ('quarter', 8)) as listed(period_grain, last_age)
),

active as (
  select channel, period_grain, period_start
  from channel_periods
  where period_grain <> 'day' and (spend is null or spend <> 0)

  union

  select channel, period_grain, cohort_start
  from cohort_customers
),

first_cohorts as (
  select channel, period_grain, min(period_start) as first_start
  from active
  group by channel, period_grain
),

-- The period under way: the one after the last that is complete.
open_periods as (
  select
    period_grain,
    next_period_start(max(period_start), period_grain) as period_start
  from channel_periods
  where channel = '(all)' and is_complete and period_grain <> 'day'
  group by period_grain
),

known_periods as (
  select
    first_cohorts.period_grain,
    dense_periods(
      first_cohorts.first_start,
      coalesce(open_periods.period_start, first_cohorts.first_start),
      first_cohorts.period_grain
    ) as period_start
  from first_cohorts
  left join open_periods
    on open_periods.period_grain = first_cohorts.period_grain
  where first_cohorts.channel = '(all)'
),

numbered as (
  select
    known_periods.period_grain,
    row_number() over (partition by known_periods.period_grain order by known_periods.period_start) as number,
    coalesce(totals.is_complete, false) as is_complete,
    coalesce(known_periods.period_start < open_periods.period_start, false) as is_over,
    known_periods.period_start
  from known_periods
  left join open_periods
    on open_periods.period_grain = known_periods.period_grain
  left join channel_periods as totals
    on totals.channel = '(all)'
    and totals.period_grain = known_periods.period_grain
    and totals.period_start = known_periods.period_start
)

select
  first_cohorts.channel,
  first_cohorts.period_grain,
  cast(counted.number - cohorts.number as bigint) as age,
  cohorts.is_complete,
  counted.is_over as is_mature,
  cohorts.period_start as cohort_start,
  counted.period_start as counted_start
from first_cohorts
inner join grains
  on grains.period_grain = first_cohorts.period_grain
inner join numbered as cohorts
  on cohorts.period_grain = first_cohorts.period_grain
  and cohorts.period_start >= first_cohorts.first_start
inner join numbered as counted
  on counted.period_grain = first_cohorts.period_grain
  and counted.number >= cohorts.number
  and counted.number <= cohorts.number + grains.last_age
