/*
description: >-
  From impression to customer, step by step: how many, what share of the step before, and what each cost. By period: what
  happened in it, conversions by credit under the primary model as CAC counts them. By cohort: the people who were first
  touched in it, by the channel of that touchpoint, and how far each has come since; who reached a step has passed those
  before it. One row per view, channel, period grain, period and step.
grain: [funnel_view, channel, period_grain, period_start, step]
columns:
  funnel_view: { type: text, description: "period or cohort.", tests: [not_null, { accepted_values: [period, cohort] }] }
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): conversions without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  step: { type: text, description: "impression, click, visit, lead, mql, sql, opportunity or customer. Of a cohort a visit is a person.", tests: [not_null, { accepted_values: [impression, click, visit, lead, mql, sql, opportunity, customer] }] }
  position: { type: integer, description: "Place of the step, from 1.", tests: [not_null] }
  count: { type: double, description: How many., tests: [not_null] }
  previous_count: { type: double, description: "How many of the step before; NULL of the first." }
  rate: { type: double, description: "count / previous_count; NULL where that is 0, and of the first." }
  spend: { type: 'decimal(18,6)', description: "Ad spend of the period in the project's currency; NULL where an exchange rate is missing." }
  cost_per: { type: double, description: "spend / count; NULL where there is none, or no spend is known." }
  is_complete: { type: boolean, description: "Whether the period is over and covered by all sources, as in `channel_periods`. A cohort's later steps go on filling.", tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
tests:
  - expression: "previous_count is null or count <= previous_count"
    where: "funnel_view = 'cohort' and position > 3"
*/
with steps as (
  select step, position
  from (
    values
      ('impression', 1),
      ('click', 2),
      ('visit', 3),
      ('lead', 4),
      ('mql', 5),
      ('sql', 6),
      ('opportunity', 7),
      ('customer', 8)
  ) as listed(step, position)
),

grains as (
  select period_grain
  from (values ('week'), ('month'), ('quarter')) as listed(period_grain)
),

ads as (
  select
    channel,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    spend_date as day
  from spend_daily
  group by channel, spend_date
),

booked_credits as (
  select channel, conversion_type, credit, is_new_customer, attribution_model, booked_date
  from attribution_credits

  union all

  select channel, conversion_type, credit, is_new_customer, attribution_model, booked_date
  from reversed_credits
),

-- How far each person with a conversion has come.
person_positions as (
  select
    conversion_people.person_id,
    max(steps.position) as position
  from conversion_people
  inner join conversions
    on conversions.conversion_id = conversion_people.conversion_id
  inner join steps
    on steps.step = conversions.conversion_type
  group by conversion_people.person_id
),

touched_people as (
  select
    people.person_id,
    people.original_channel as channel,
    local_date(people.original_at, settings.time_zone) as day
  from people
  cross join settings
  where people.original_at is not null
),

people_reached as (
  select
    touched_people.channel,
    touched_people.day,
    coalesce(person_positions.position, 3) as position,
    count(*) as people
  from touched_people
  left join person_positions
    on person_positions.person_id = touched_people.person_id
  group by touched_people.channel, touched_people.day, coalesce(person_positions.position, 3)
),

counted_days as (
  select 'period' as funnel_view, channel, 1 as position, cast(impressions as decimal(38,12)) as number, day
  from ads

  union all

  select 'cohort', channel, 1, cast(impressions as decimal(38,12)), day
  from ads

  union all

  select 'period', channel, 2, cast(clicks as decimal(38,12)), day
  from ads

  union all

  select 'cohort', channel, 2, cast(clicks as decimal(38,12)), day
  from ads

  union all

  select 'period', touchpoints.channel, 3, cast(count(*) as decimal(38,12)), local_date(touchpoints.occurred_at, settings.time_zone)
  from touchpoints
  cross join settings
  where touchpoints.origin = 'web'
  group by touchpoints.channel, local_date(touchpoints.occurred_at, settings.time_zone)

  union all

  select
    'period',
    booked_credits.channel,
    steps.position,
    cast(sum(cast(booked_credits.credit as decimal(18,12))) as decimal(38,12)),
    booked_credits.booked_date
  from booked_credits
  cross join settings
  inner join steps
    on steps.step = booked_credits.conversion_type
  where booked_credits.attribution_model = settings.primary_model
    and coalesce(booked_credits.is_new_customer, true)
  group by booked_credits.channel, steps.position, booked_credits.booked_date

  union all

  select 'cohort', people_reached.channel, steps.position, cast(sum(people_reached.people) as decimal(38,12)), people_reached.day
  from people_reached
  inner join steps
    on steps.position between 3 and people_reached.position
  group by people_reached.channel, steps.position, people_reached.day
),

counted_days_with_total as (
  select funnel_view, channel, position, number, day
  from counted_days

  union all

  select funnel_view, '(all)', position, number, day
  from counted_days
),

counted as (
  select
    counted_days_with_total.funnel_view,
    counted_days_with_total.channel,
    grains.period_grain,
    counted_days_with_total.position,
    sum(counted_days_with_total.number) as number,
    period_start(counted_days_with_total.day, grains.period_grain, settings.week_start) as period_start
  from counted_days_with_total
  cross join grains
  cross join settings
  where settings.first_date is null or counted_days_with_total.day >= settings.first_date
  group by
    counted_days_with_total.funnel_view,
    counted_days_with_total.channel,
    grains.period_grain,
    counted_days_with_total.position,
    period_start(counted_days_with_total.day, grains.period_grain, settings.week_start)
),

periods as (
  select distinct funnel_view, channel, period_grain, period_start
  from counted
),

whole_steps as (
  select
    periods.funnel_view,
    periods.channel,
    periods.period_grain,
    steps.step,
    steps.position,
    cast(round(coalesce(counted.number, 0), 9) as double precision) as number,
    periods.period_start
  from periods
  cross join steps
  left join counted
    on counted.funnel_view = periods.funnel_view
    and counted.channel = periods.channel
    and counted.period_grain = periods.period_grain
    and counted.period_start = periods.period_start
    and counted.position = steps.position
),

with_previous as (
  select
    whole_steps.*,
    lag(number) over (partition by funnel_view, channel, period_grain, period_start order by position) as previous_number
  from whole_steps
),

completeness as (
  select period_grain, period_start, is_complete
  from channel_periods
  where channel = '(all)'
),

spent as (
  select channel, period_grain, period_start, spend
  from channel_periods
)

select
  with_previous.funnel_view,
  with_previous.channel,
  with_previous.period_grain,
  with_previous.step,
  with_previous.position,
  with_previous.number as count,
  with_previous.previous_number as previous_count,
  case
    when with_previous.previous_number > 0
      then cast(with_previous.number as double precision) / with_previous.previous_number
  end as rate,
  case when spent.channel is null then 0 else spent.spend end as spend,
  case
    when with_previous.number > 0 and spent.spend > 0
      then cast(spent.spend as double precision) / with_previous.number
  end as cost_per,
  coalesce(completeness.is_complete, false) as is_complete,
  with_previous.period_start
from with_previous
left join spent
  on spent.channel = with_previous.channel
  and spent.period_grain = with_previous.period_grain
  and spent.period_start = with_previous.period_start
left join completeness
  on completeness.period_grain = with_previous.period_grain
  and completeness.period_start = with_previous.period_start
