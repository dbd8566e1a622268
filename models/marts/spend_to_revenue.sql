/*
description: >-
  Which spend produced revenue: the spend of a channel beside the amounts of the wins that it has credit for, under the
  primary attribution model, less those of wins that ended in the period (`reversed_credits`). The channel (all) is
  everything together, so its revenue is that of all wins. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): wins without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  attribution_model: { type: text, description: "Model behind the credit: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Ad spend in the project's currency; NULL where an exchange rate is missing." }
  wins: { type: double, description: "Deals won, new customers and others, less those that ended: the sum of credit.", tests: [not_null] }
  wins_without_amount: { type: double, description: "Of these, those whose amount or its exchange rate is not known: they are in no amount.", tests: [not_null] }
  revenue: { type: 'decimal(18,6)', description: "Amounts of the wins, by credit, in the project's currency.", tests: [not_null] }
  new_revenue: { type: 'decimal(18,6)', description: Of new customers., tests: [not_null] }
  revenue_per_spend: { type: double, description: "revenue / spend; NULL where status is not ok." }
  status: { type: text, description: "ok, or why there is no ratio: granularity_mismatch, missing_rate, no_activity, no_spend; missing_amount: of some wins no amount is known.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, missing_rate, no_activity, no_spend, missing_amount] }] }
  is_complete: { type: boolean, description: "Whether the period is over and all sources cover it, as in channel_periods.", tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
*/
with grains as (
  select period_grain
  from (values ('day'), ('week'), ('month'), ('quarter')) as listed(period_grain)
),

credits_of_wins as (
  select channel, attribution_model, conversion_type, credit, amount_credit, is_new_customer, booked_date
  from attribution_credits

  union all

  select channel, attribution_model, conversion_type, credit, amount_credit, is_new_customer, booked_date
  from reversed_credits
),

credits as (
  select
    credits_of_wins.channel,
    cast(credits_of_wins.credit as decimal(18,12)) as credit,
    credits_of_wins.amount_credit,
    credits_of_wins.is_new_customer,
    credits_of_wins.booked_date
  from credits_of_wins
  cross join settings
  where credits_of_wins.conversion_type = 'customer'
    and credits_of_wins.attribution_model = settings.primary_model
    and (settings.first_date is null or credits_of_wins.booked_date >= settings.first_date)
),

credits_with_total as (
  select channel, credit, amount_credit, is_new_customer, booked_date
  from credits

  union all

  select '(all)' as channel, credit, amount_credit, is_new_customer, booked_date
  from credits
),

revenue_by_day as (
  select
    channel,
    sum(credit) as wins,
    sum(case when amount_credit is null then credit else 0 end) as wins_without_amount,
    sum(coalesce(amount_credit, 0)) as revenue,
    sum(case when is_new_customer then coalesce(amount_credit, 0) else 0 end) as new_revenue,
    booked_date
  from credits_with_total
  group by channel, booked_date
),

revenue_by_period as (
  select
    revenue_by_day.channel,
    grains.period_grain,
    sum(revenue_by_day.wins) as wins,
    sum(revenue_by_day.wins_without_amount) as wins_without_amount,
    sum(revenue_by_day.revenue) as revenue,
    sum(revenue_by_day.new_revenue) as new_revenue,
    period_start(revenue_by_day.booked_date, grains.period_grain, settings.week_start) as period_start
  from revenue_by_day
  cross join grains
  cross join settings
  group by
    revenue_by_day.channel,
    grains.period_grain,
    period_start(revenue_by_day.booked_date, grains.period_grain, settings.week_start)
),

calendar as (
  select channel, period_grain, period_start
  from channel_periods

  union

  select channel, period_grain, period_start
  from revenue_by_period
),

totals as (
  select
    calendar.channel,
    calendar.period_grain,
    case when channel_periods.channel is null then cast(0 as decimal(18,6)) else channel_periods.spend end as spend,
    coalesce(revenue_by_period.wins, 0) as wins,
    coalesce(revenue_by_period.wins_without_amount, 0) as wins_without_amount,
    coalesce(revenue_by_period.revenue, 0) as revenue,
    coalesce(revenue_by_period.new_revenue, 0) as new_revenue,
    coalesce(channel_periods.has_coarser_spend, false) as has_coarser_spend,
    coalesce(channel_periods.is_complete, false) as is_complete,
    calendar.period_start
  from calendar
  left join channel_periods
    on channel_periods.channel = calendar.channel
    and channel_periods.period_grain = calendar.period_grain
    and channel_periods.period_start = calendar.period_start
  left join revenue_by_period
    on revenue_by_period.channel = calendar.channel
    and revenue_by_period.period_grain = calendar.period_grain
    and revenue_by_period.period_start = calendar.period_start
),

judged as (
  select
    *,
    case
      when has_coarser_spend then 'granularity_mismatch'
      when spend is null then 'missing_rate'
      when spend = 0 and wins = 0 then 'no_activity'
      when spend = 0 then 'no_spend'
      when wins_without_amount <> 0 then 'missing_amount'
      else 'ok'
    end as status
  from totals
)

select
  judged.channel,
  judged.period_grain,
  settings.primary_model as attribution_model,
  settings.baseline_id,
  judged.spend,
  cast(round(judged.wins, 9) as double precision) as wins,
  cast(round(judged.wins_without_amount, 9) as double precision) as wins_without_amount,
  cast(judged.revenue as decimal(18,6)) as revenue,
  cast(judged.new_revenue as decimal(18,6)) as new_revenue,
  case
    when judged.status = 'ok' then cast(judged.revenue as double precision) / cast(judged.spend as double precision)
  end as revenue_per_spend,
  judged.status,
  judged.is_complete,
  judged.period_start,
  next_period_start(judged.period_start, judged.period_grain) - 1 as period_end
from judged
cross join settings
