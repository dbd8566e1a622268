/*
description: >-
  Ad spend and new customers (credit under the primary attribution model), by channel and by day, week, month and quarter
  of the project's time zone. The channel (all) is everything together, unattributed customers included. Between a
  channel's first activity and the last complete period every period has a row. Facts before the project's first day are
  left out. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): customers without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing." }
  customers: { type: double, description: "New customers: the sum of credit.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "Variance of customers as a Poisson count: the sum over conversions of the channel's squared share.", tests: [not_null] }
  is_complete: { type: boolean, description: "Whether the period is over in the project's time zone and all sources cover it from start to end.", tests: [not_null] }
  has_coarser_spend: { type: boolean, description: Whether some of the spend is only known for longer periods than this one., tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - sum: { column: customers, equals: { relation: attribution_credits, column: credit, where: "is_new_customer and attribution_model = (select primary_model from settings) and booked_date >= coalesce((select first_date from settings), booked_date)" }, tolerance: 0.000001 }
    where: "period_grain = 'day' and channel <> '(all)'"
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

-- The day up to which everything is known: no number for a period that reaches beyond it. NULL where a source was
-- never loaded.
last_days as (
  select today - 1 as last_day
  from clock

  union all

  select covered_to
  from source_coverage
  where feed = 'ad_spend'

  union all

  select local_date(source_coverage.covered_until, settings.time_zone) - 1
  from source_coverage
  cross join settings
  where source_coverage.feed in ('deals', 'deal_stage_changes')
),

complete_range as (
  select
    (select max(covered_from) from source_coverage where feed = 'ad_spend') as spend_from,
    (select first_date from settings) as first_date,
    case when count(*) = count(last_day) then min(last_day) end as last_day
  from last_days
),

spend_by_day as (
  select
    spend_daily.channel,
    spend_daily.source_grain,
    sum(spend_daily.spend_reporting) as spend,
    count(*) filter (where spend_daily.spend_reporting is null) as rows_without_rate,
    spend_daily.spend_date as day
  from spend_daily
  cross join settings
  where settings.first_date is null or spend_daily.spend_date >= settings.first_date
  group by spend_daily.channel, spend_daily.source_grain, spend_daily.spend_date
),

-- A channel's share of a conversion, as a decimal: sums of decimals do not depend on their order.
shares as (
  select
    attribution_credits.channel,
    attribution_credits.conversion_id,
    cast(sum(cast(attribution_credits.credit as decimal(18,12))) as decimal(18,12)) as share,
    attribution_credits.booked_date as day
  from attribution_credits
  cross join settings
  where attribution_credits.is_new_customer
    and attribution_credits.attribution_model = settings.primary_model
    and (settings.first_date is null or attribution_credits.booked_date >= settings.first_date)
  group by attribution_credits.channel, attribution_credits.conversion_id, attribution_credits.booked_date
),

shares_with_total as (
  select channel, conversion_id, share, day
  from shares

  union all

  select '(all)' as channel, conversion_id, cast(round(sum(share), 9) as decimal(18,12)) as share, day
  from shares
  group by conversion_id, day
),

customers_by_day as (
  select
    channel,
    sum(share) as customers,
    sum(share * share) as customers_variance,
    count(*) as conversions,
    day
  from shares_with_total
  group by channel, day
),

spend_by_day_with_total as (
  select channel, source_grain, spend, rows_without_rate, day
  from spend_by_day

  union all

  select '(all)' as channel, source_grain, spend, rows_without_rate, day
  from spend_by_day
),

spend_by_period as (
  select
    spend_by_day_with_total.channel,
    grains.period_grain,
    sum(spend_by_day_with_total.spend) as spend,
    sum(spend_by_day_with_total.rows_without_rate) as rows_without_rate,
    -- What is reported by the week serves weeks that begin on the same day, by the month months and quarters.
    bool_or(
      case spend_by_day_with_total.source_grain
        when 'day' then false
        when 'week' then
          grains.period_grain <> 'week'
          or period_start(spend_by_day_with_total.day, 'week', settings.week_start) <> spend_by_day_with_total.day
        when 'month' then grains.period_grain not in ('month', 'quarter')
        else true
      end
    ) as has_coarser_spend,
    period_start(spend_by_day_with_total.day, grains.period_grain, settings.week_start) as period_start
  from spend_by_day_with_total
  cross join grains
  cross join settings
  group by
    spend_by_day_with_total.channel,
    grains.period_grain,
    period_start(spend_by_day_with_total.day, grains.period_grain, settings.week_start)
),

customers_by_period as (
  select
    customers_by_day.channel,
    grains.period_grain,
    sum(customers_by_day.customers) as customers,
    sum(customers_by_day.customers_variance) as customers_variance,
    sum(customers_by_day.conversions) as conversions,
    period_start(customers_by_day.day, grains.period_grain, settings.week_start) as period_start
  from customers_by_day
  cross join grains
  cross join settings
  group by
    customers_by_day.channel,
    grains.period_grain,
    period_start(customers_by_day.day, grains.period_grain, settings.week_start)
),

active_periods as (
  select channel, period_grain, period_start from spend_by_period
  union
  select channel, period_grain, period_start from customers_by_period
),

-- The last complete period is the one before the period of the first day that is not known.
last_complete_periods as (
  select
    grains.period_grain,
    period_start(
      period_start(complete_range.last_day + 1, grains.period_grain, settings.week_start) - 1,
      grains.period_grain,
      settings.week_start
    ) as period_start
  from grains
  cross join complete_range
  cross join settings
),

spans as (
  select
    active_periods.channel,
    active_periods.period_grain,
    min(active_periods.period_start) as first_start,
    max(active_periods.period_start) as last_active_start
  from active_periods
  group by active_periods.channel, active_periods.period_grain
),

calendar as (
  select
    spans.channel,
    spans.period_grain,
    dense_periods(
      spans.first_start,
      case
        when last_complete_periods.period_start > spans.last_active_start then last_complete_periods.period_start
        else spans.last_active_start
      end,
      spans.period_grain
    ) as period_start
  from spans
  inner join last_complete_periods
    on last_complete_periods.period_grain = spans.period_grain
),

totals as (
  select
    calendar.channel,
    calendar.period_grain,
    case
      when coalesce(spend_by_period.rows_without_rate, 0) = 0 then cast(coalesce(spend_by_period.spend, 0) as decimal(18,6))
    end as spend,
    cast(round(coalesce(customers_by_period.customers, 0), 9) as double precision) as customers,
    cast(coalesce(customers_by_period.conversions, 0) as bigint) as conversions,
    cast(coalesce(customers_by_period.customers_variance, 0) as double precision) as customers_variance,
    coalesce(spend_by_period.has_coarser_spend, false) as has_coarser_spend,
    calendar.period_start,
    next_period_start(calendar.period_start, calendar.period_grain) - 1 as period_end
  from calendar
  left join spend_by_period
    on spend_by_period.channel = calendar.channel
    and spend_by_period.period_grain = calendar.period_grain
    and spend_by_period.period_start = calendar.period_start
  left join customers_by_period
    on customers_by_period.channel = calendar.channel
    and customers_by_period.period_grain = calendar.period_grain
    and customers_by_period.period_start = calendar.period_start
)

select
  totals.channel,
  totals.period_grain,
  totals.spend,
  totals.customers,
  totals.conversions,
  totals.customers_variance,
  coalesce(totals.period_end <= complete_range.last_day, false)
    and totals.period_start >= coalesce(complete_range.spend_from, totals.period_start)
    and totals.period_start >= coalesce(complete_range.first_date, totals.period_start) as is_complete,
  totals.has_coarser_spend,
  totals.period_start,
  totals.period_end
from totals
cross join complete_range
