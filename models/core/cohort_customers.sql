/*
description: >-
  New customers by the period in which they were first touched and the one in which they were won; who was lost is taken off
  in the period of the loss. Cohorts from before the project's first day are left out, because their spend is not known. One
  row per channel, period grain, cohort and period with wins or losses.
grain: [channel, period_grain, cohort_start, won_start]
columns:
  channel: { type: text, description: "Channel, by credit under the primary model; (all): everything together.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  customers: { type: 'decimal(38,12)', description: "New customers: the sum of credit, less that of customers who were lost in the period.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: 'decimal(38,24)', description: "The sum over conversions of the squared share that the channel has in each.", tests: [not_null] }
  cohort_start: { type: date, description: First day of the period in which they were first touched., tests: [not_null] }
  won_start: { type: date, description: First day of the period in which they were won., tests: [not_null] }
*/
with grains as (
  select period_grain
  from (values ('week'), ('month'), ('quarter')) as listed(period_grain)
),

-- Who was won counts on the day of the win, whenever credit is booked; who was lost, on the day of the loss.
counted_shares as (
  select
    customer_shares.conversion_id,
    customer_shares.channel,
    customer_shares.share,
    customer_cohorts.first_touch_date,
    case
      when customer_shares.is_given_back then customer_shares.booked_date
      else customer_shares.converted_date
    end as counted_date
  from customer_shares
  inner join customer_cohorts
    on customer_cohorts.conversion_id = customer_shares.conversion_id
  cross join settings
  where customer_cohorts.first_touch_date <= customer_shares.converted_date
    and (settings.first_date is null or customer_cohorts.first_touch_date >= settings.first_date)
),

-- Shares first, squares then: parts of one customer vary together, and one won and lost in a period is none.
shares as (
  select
    counted_shares.channel,
    grains.period_grain,
    sum(counted_shares.share) as share,
    period_start(counted_shares.first_touch_date, grains.period_grain, settings.week_start) as cohort_start,
    period_start(counted_shares.counted_date, grains.period_grain, settings.week_start) as won_start
  from counted_shares
  cross join grains
  cross join settings
  group by
    counted_shares.channel,
    counted_shares.conversion_id,
    grains.period_grain,
    period_start(counted_shares.first_touch_date, grains.period_grain, settings.week_start),
    period_start(counted_shares.counted_date, grains.period_grain, settings.week_start)
),

-- Three thirds are one customer.
rounded as (
  select
    channel,
    period_grain,
    case when channel = '(all)' then cast(round(share, 9) as decimal(18,12)) else cast(share as decimal(18,12)) end as share,
    cohort_start,
    won_start
  from shares
)

select
  channel,
  period_grain,
  cast(sum(share) as decimal(38,12)) as customers,
  count(*) filter (where share > 0) as conversions,
  cast(sum(share * share) as decimal(38,24)) as customers_variance,
  cohort_start,
  won_start
from rounded
group by channel, period_grain, cohort_start, won_start
