/*
description: >-
  Ad spend and new customers (credit under the primary attribution model), by channel and by day, week, month and quarter
  of the project's time zone. The channel (all) is everything together, unattributed customers included. Between a
  channel's first spend or customer and the last complete period every period has a row. Facts before the project's
  first day are left out. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): customers without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing." }
  customers: { type: double, description: "New customers: the sum of credit, less that of customers who were lost in the period.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "Variance of customers as a Poisson count: the sum over conversions of the channel's squared share.", tests: [not_null] }
  is_complete: { type: boolean, description: "Whether the period is over in the project's time zone and all sources cover it from start to end.", tests: [not_null] }
  has_coarser_spend: { type: boolean, description: Whether some of the spend is only known for longer periods than this one., tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - sum: { column: customers, equals: { relation: customer_shares, column: share, where: "channel <> '(all)' and booked_date >= coalesce((select first_date from settings), booked_date)" }, tolerance: 0.000001 }
    where: "period_grain = 'day' and channel <> '(all)'"
*/
with active_periods as (
  select channel, period_grain, period_start
  from spend_periods
  where spend is null or spend <> 0

  union

  select channel, period_grain, period_start
  from customer_periods
),

spans as (
  select
    channel,
    period_grain,
    min(period_start) as first_start,
    max(period_start) as last_active_start
  from active_periods
  group by channel, period_grain
),

-- The last complete period is the one before the period of the first day that is not known.
spans_to_complete as (
  select
    spans.channel,
    spans.period_grain,
    spans.first_start,
    spans.last_active_start,
    period_start(
      period_start(covered_days.last_day + 1, spans.period_grain, settings.week_start) - 1,
      spans.period_grain,
      settings.week_start
    ) as last_complete_start
  from spans
  cross join covered_days
  cross join settings
),

calendar as (
  select
    channel,
    period_grain,
    dense_periods(
      first_start,
      case when last_complete_start > last_active_start then last_complete_start else last_active_start end,
      period_grain
    ) as period_start
  from spans_to_complete
),

dated as (
  select channel, period_grain, period_start, next_period_start(period_start, period_grain) - 1 as period_end
  from calendar
)

select
  dated.channel,
  dated.period_grain,
  case when spend_periods.channel is null then cast(0 as decimal(18,6)) else spend_periods.spend end as spend,
  coalesce(customer_periods.customers, 0) as customers,
  coalesce(customer_periods.conversions, 0) as conversions,
  coalesce(customer_periods.customers_variance, 0) as customers_variance,
  dated.period_start >= coalesce(covered_days.first_day, dated.period_start)
    and coalesce(dated.period_end <= covered_days.last_day, false) as is_complete,
  coalesce(spend_periods.has_coarser_spend, false) as has_coarser_spend,
  dated.period_start,
  dated.period_end
from dated
cross join covered_days
left join spend_periods
  on spend_periods.channel = dated.channel
  and spend_periods.period_grain = dated.period_grain
  and spend_periods.period_start = dated.period_start
left join customer_periods
  on customer_periods.channel = dated.channel
  and customer_periods.period_grain = dated.period_grain
  and customer_periods.period_start = dated.period_start
