/*
description: >-
  New customers by channel and by day, week, month and quarter, with their variance as a Poisson count. A customer whose
  credit is booked on several days of a period is one customer of it. One row per channel, period grain and period with
  customers.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): customers without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  customers: { type: double, description: "New customers: the sum of credit, less that of customers who were lost in the period.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "The sum over conversions of the squared share that the channel has in each in the period.", tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

-- Shares first, squares then: two halves of one customer vary together.
shares as (
  select
    customer_shares.channel,
    grains.period_grain,
    sum(customer_shares.share) as share,
    period_start(customer_shares.booked_date, grains.period_grain, settings.week_start) as period_start
  from customer_shares
  cross join grains
  cross join settings
  where settings.first_date is null or customer_shares.booked_date >= settings.first_date
  group by
    customer_shares.channel,
    customer_shares.conversion_id,
    grains.period_grain,
    period_start(customer_shares.booked_date, grains.period_grain, settings.week_start)
),

-- Three thirds are one customer.
rounded as (
  select
    channel,
    period_grain,
    case when channel = '(all)' then cast(round(share, 9) as decimal(18,12)) else cast(share as decimal(18,12)) end as share,
    period_start
  from shares
)

select
  channel,
  period_grain,
  cast(round(sum(share), 9) as double precision) as customers,
  count(*) filter (where share > 0) as conversions,
  cast(sum(share * share) as double precision) as customers_variance,
  period_start
from rounded
group by channel, period_grain, period_start
