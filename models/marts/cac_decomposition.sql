/*
description: >-
  Why media CAC changed against the period before: CAC is the cost per lead divided by the rate of every step from lead to
  customer, so the logarithms of their changes add up to that of CAC. Leads, qualified leads and opportunities are credited
  by the primary model, each at its own time; a step without any in one of the two periods is passed over, and the next
  step begins where the last one that counts ended. One row per channel, period grain, period and step.
grain: [channel, period_grain, period_start, step]
columns:
  channel: { type: text, description: "Channel, as in cac.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  step: { type: text, description: "What is reached: lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  from_step: { type: text, description: "The step before; NULL for the first, whose factor is a cost, and for steps passed over." }
  attribution_model: { type: text, description: "Model behind the counts: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Spend of the period; NULL where an exchange rate is missing." }
  previous_spend: { type: 'decimal(18,6)', description: Spend of the previous period. }
  position: { type: bigint, description: "Order of the steps, from 1.", tests: [not_null] }
  customers: { type: double, description: New customers of the period., tests: [not_null] }
  count: { type: double, description: "How many reached the step: the sum of credit.", tests: [not_null] }
  previous_count: { type: double, description: The same in the previous period. }
  factor: { type: double, description: "Cost per first step, or share of the step before that reached this one; NULL where status is not ok." }
  previous_factor: { type: double, description: The same in the previous period. }
  log_change: { type: double, description: "What the change of the factor adds to ln CAC: positive where it makes customers dearer." }
  cac: { type: double, description: "CAC of the period, as in cac." }
  previous_cac: { type: double, description: CAC of the previous period. }
  cac_log_change: { type: double, description: "ln(cac / previous_cac): the sum of log_change over the steps." }
  status: { type: text, description: "ok; skipped: nobody reached the step in one of the periods; or why nothing is compared: no_lock, granularity_mismatch, no_baseline, incomplete_period, missing_rate, unmapped, no_spend, no_customers.", tests: [not_null, { accepted_values: [ok, skipped, no_lock, granularity_mismatch, no_baseline, incomplete_period, missing_rate, unmapped, no_spend, no_customers] }] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
  previous_period_start: { type: date, description: First day of the previous period; NULL for a channel's first. }
tests: [log_changes_add_up]
*/
with steps as (
  select step, position
  from (values ('lead', 1), ('mql', 2), ('sql', 3), ('opportunity', 4), ('customer', 5)) as listed(step, position)
),

grains as (
  select period_grain
  from (values ('week'), ('month'), ('quarter')) as listed(period_grain)
),

credits as (
  select
    attribution_credits.channel,
    attribution_credits.conversion_type,
    grains.period_grain,
    sum(cast(attribution_credits.credit as decimal(18,12))) as credit,
    period_start(attribution_credits.booked_date, grains.period_grain, settings.week_start) as period_start
  from attribution_credits
  cross join grains
  cross join settings
  where attribution_credits.attribution_model = settings.primary_model
    and (settings.first_date is null or attribution_credits.booked_date >= settings.first_date)
  group by
    attribution_credits.channel,
    attribution_credits.conversion_type,
    grains.period_grain,
    period_start(attribution_credits.booked_date, grains.period_grain, settings.week_start)
),

credits_with_total as (
  select channel, conversion_type, period_grain, credit, period_start
  from credits

  union all

  select '(all)' as channel, conversion_type, period_grain, sum(credit) as credit, period_start
  from credits
  group by conversion_type, period_grain, period_start
),

compared as (
  select
    marginal_cac.*,
    lag(marginal_cac.cac) over (
      partition by marginal_cac.channel, marginal_cac.period_grain order by marginal_cac.period_start
    ) as previous_cac,
    case
      when marginal_cac.status in ('no_lock', 'granularity_mismatch', 'no_baseline', 'incomplete_period', 'missing_rate', 'unmapped')
        then marginal_cac.status
      when marginal_cac.spend <= 0 or marginal_cac.previous_spend <= 0 then 'no_spend'
      when marginal_cac.customers <= 0 or marginal_cac.previous_customers <= 0 then 'no_customers'
    end as refusal
  from marginal_cac
  where marginal_cac.period_grain <> 'day'
),

-- Customers are those of cac: the new ones.
counted as (
  select
    compared.channel,
    compared.period_grain,
    steps.step,
    steps.position,
    case
      when steps.step = 'customer' then compared.customers
      else coalesce(cast(round(credits_with_total.credit, 9) as double precision), 0)
    end as step_count,
    compared.period_start
  from compared
  cross join steps
  left join credits_with_total
    on credits_with_total.channel = compared.channel
    and credits_with_total.conversion_type = steps.step
    and credits_with_total.period_grain = compared.period_grain
    and credits_with_total.period_start = compared.period_start
),

-- The calendar is dense, so the row before is the period before.
with_previous as (
  select
    *,
    lag(step_count) over (partition by channel, period_grain, step order by period_start) as previous_count
  from counted
),

chained as (
  select
    channel,
    period_grain,
    step,
    lag(step) over chain as from_step,
    lag(step_count) over chain as from_count,
    lag(previous_count) over chain as previous_from_count,
    period_start
  from with_previous
  where step_count > 0 and previous_count > 0
  window chain as (partition by channel, period_grain, period_start order by position)
),

factored as (
  select
    compared.channel,
    compared.period_grain,
    with_previous.step,
    chained.from_step,
    compared.attribution_model,
    compared.baseline_id,
    compared.spend,
    compared.previous_spend,
    with_previous.position,
    compared.customers,
    with_previous.step_count,
    with_previous.previous_count,
    case
      when compared.refusal is not null or chained.step is null then null
      when chained.from_step is null then cast(compared.spend as double precision) / with_previous.step_count
      else cast(with_previous.step_count as double precision) / chained.from_count
    end as factor,
    case
      when compared.refusal is not null or chained.step is null then null
      when chained.from_step is null then cast(compared.previous_spend as double precision) / with_previous.previous_count
      else cast(with_previous.previous_count as double precision) / chained.previous_from_count
    end as previous_factor,
    compared.cac,
    compared.previous_cac,
    coalesce(compared.refusal, case when chained.step is null then 'skipped' else 'ok' end) as status,
    compared.period_start,
    compared.period_end,
    compared.previous_period_start
  from compared
  inner join with_previous
    on with_previous.channel = compared.channel
    and with_previous.period_grain = compared.period_grain
    and with_previous.period_start = compared.period_start
  left join chained
    on chained.channel = compared.channel
    and chained.period_grain = compared.period_grain
    and chained.period_start = compared.period_start
    and chained.step = with_previous.step
)

select
  channel,
  period_grain,
  step,
  from_step,
  attribution_model,
  baseline_id,
  spend,
  previous_spend,
  cast(position as bigint) as position,
  customers,
  step_count as count,
  previous_count,
  factor,
  previous_factor,
  case
    when from_step is null then ln(factor) - ln(previous_factor)
    else ln(previous_factor) - ln(factor)
  end as log_change,
  cac,
  previous_cac,
  case when status in ('ok', 'skipped') then ln(cac) - ln(previous_cac) end as cac_log_change,
  status,
  period_start,
  period_end,
  previous_period_start
from factored
