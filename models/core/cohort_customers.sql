/*
description: >-
  New customers by the period in which they were first touched and the one in which they were won. Cohorts from before the
  project's first day are left out, because their spend is not known. One row per channel, period grain, cohort and period
  with wins.
grain: [channel, period_grain, cohort_start, won_start]
columns:
  channel: { type: text, description: "Channel, by credit under the primary model; (all): everything together.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  customers: { type: 'decimal(38,12)', description: "New customers: the sum of credit.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: 'decimal(38,24)', description: "The sum over conversions of the squared share that the channel has in each.", tests: [not_null] }
  cohort_start: { type: date, description: First day of the period in which they were first touched., tests: [not_null] }
  won_start: { type: date, description: First day of the period in which they were won., tests: [not_null] }
*/
with grains as (
  select period_grain
  from (values ('week'), ('month'), ('quarter')) as listed(period_grain)
),

shares as (
  select
    customer_shares.channel,
    sum(customer_shares.share) as share,
    customer_cohorts.first_touch_date,
    customer_shares.converted_date
  from customer_shares
  inner join customer_cohorts
    on customer_cohorts.conversion_id = customer_shares.conversion_id
  cross join settings
  where customer_cohorts.first_touch_date <= customer_shares.converted_date
    and not customer_shares.is_given_back
    and (settings.first_date is null or customer_cohorts.first_touch_date >= settings.first_date)
  group by
    customer_shares.channel,
    customer_shares.conversion_id,
    customer_cohorts.first_touch_date,
    customer_shares.converted_date
),

-- Three thirds are one customer.
rounded as (
  select
    channel,
    case when channel = '(all)' then cast(round(share, 9) as decimal(18,12)) else cast(share as decimal(18,12)) end as share,
    first_touch_date,
    converted_date
  from shares
)

select
  rounded.channel,
  grains.period_grain,
  cast(sum(rounded.share) as decimal(38,12)) as customers,
  count(*) as conversions,
  cast(sum(rounded.share * rounded.share) as decimal(38,24)) as customers_variance,
  period_start(rounded.first_touch_date, grains.period_grain, settings.week_start) as cohort_start,
  period_start(rounded.converted_date, grains.period_grain, settings.week_start) as won_start
from rounded
cross join grains
cross join settings
group by
  rounded.channel,
  grains.period_grain,
  period_start(rounded.first_touch_date, grains.period_grain, settings.week_start),
  period_start(rounded.converted_date, grains.period_grain, settings.week_start)
