/*
description: >-
  Customer acquisition cost of cohorts: the spend of a period over the customers first touched in it, as many as were won
  by each age, and what the next customer cost against the cohort before at the same age. Answers long sales
  cycles, in which the customers of a month were paid for months before. A cohort has a row for each age that it has
  completed and for the one under way: up to 26 weeks, 24 months, 8 quarters. One row per channel, period grain, cohort
  and age.
grain: [channel, period_grain, cohort_start, age]
columns:
  channel: { type: text, description: "Channel, by credit under the primary model; (all): everything together; (unattributed): nothing in the lookback.", tests: [not_null] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  age: { type: bigint, description: "Whole periods after the cohort's own: 0 counts who was won in it, 3 who was won by the end of the third after it.", tests: [not_null, { between: [0, 26] }] }
  cost_basis: { type: text, description: "What spend, cac and marginal_cac hold: media (ad spend only). Columns fully_loaded_… hold all costs.", tests: [not_null] }
  attribution_model: { type: text, description: "Model behind the customers: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Spend of the cohort's period; NULL where an exchange rate is missing." }
  previous_spend: { type: 'decimal(18,6)', description: Spend of the cohort before. }
  spend_change: { type: 'decimal(18,6)', description: "spend less previous_spend." }
  fixed_costs: { type: 'decimal(18,6)', description: "Costs besides in the cohort's period, as in cac." }
  customers: { type: double, description: "New customers of the cohort won by this age: the sum of credit.", tests: [not_null] }
  previous_customers: { type: double, description: The same of the cohort before at the same age. }
  customers_change: { type: double, description: "customers less previous_customers." }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "Variance of customers as a Poisson count, as in cac.", tests: [not_null] }
  cac: { type: double, description: "spend / customers; NULL where status is not ok." }
  status: { type: text, description: "ok, or why there is no CAC: granularity_mismatch, incomplete_period (of the cohort), immature (the age is not completed), missing_rate, unmapped, no_activity, no_customers, no_spend.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, incomplete_period, immature, missing_rate, unmapped, no_activity, no_customers, no_spend] }] }
  fully_loaded_cac: { type: double, description: "(spend + fixed_costs) / customers; NULL where fully_loaded_status is not ok." }
  fully_loaded_status: { type: text, description: "As status, of spend and fixed costs together.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, incomplete_period, immature, missing_rate, unmapped, no_activity, no_customers, no_spend] }] }
  marginal_cac: { type: double, description: "spend_change / customers_change where marginal_status is ok, not_significant or scale_back; else NULL." }
  ci_low: { type: double, description: "Lower end of the 95 % interval of marginal_cac." }
  ci_high: { type: double, description: Upper end; NULL where the interval is open. }
  marginal_status: { type: text, description: "As status in marginal_cac, and immature: this cohort or the one before has not completed the age.", tests: [not_null, { accepted_values: [ok, scale_back, not_significant, no_lock, granularity_mismatch, no_baseline, incomplete_period, immature, missing_rate, unmapped, no_spend_change, saturated, efficiency_gain] }] }
  is_mature: { type: boolean, description: "Whether the cohort has completed the age, in all sources.", tests: [not_null] }
  cohort_start: { type: date, description: First day of the cohort., tests: [not_null] }
  cohort_end: { type: date, description: Last day of the cohort., tests: [not_null] }
  counted_to: { type: date, description: Last day on which customers count for this age., tests: [not_null] }
  previous_cohort_start: { type: date, description: First day of the cohort before; NULL for a channel's first. }
*/
with counted as (
  select
    cohort_ages.channel,
    cohort_ages.period_grain,
    cohort_ages.age,
    sum(coalesce(cohort_customers.customers, 0)) over by_this_age as customers,
    sum(coalesce(cohort_customers.customers_variance, 0)) over by_this_age as customers_variance,
    sum(coalesce(cohort_customers.conversions, 0)) over by_this_age as conversions,
    cohort_ages.is_complete,
    cohort_ages.is_mature,
    cohort_ages.cohort_start,
    cohort_ages.counted_start
  from cohort_ages
  left join cohort_customers
    on cohort_customers.channel = cohort_ages.channel
    and cohort_customers.period_grain = cohort_ages.period_grain
    and cohort_customers.cohort_start = cohort_ages.cohort_start
    and cohort_customers.won_start = cohort_ages.counted_start
  window by_this_age as (
    partition by cohort_ages.channel, cohort_ages.period_grain, cohort_ages.cohort_start
    order by cohort_ages.age
    rows between unbounded preceding and current row
  )
),

spent as (
  select
    counted.channel,
    counted.period_grain,
    counted.age,
    settings.baseline_id is not null as is_locked,
    -- Nothing compares a cohort of this baseline with one from before it.
    settings.baseline_id is not null
      and (settings.baseline_from is null or counted.cohort_start >= settings.baseline_from) as is_in_baseline,
    case
      when channel_periods.channel is null then cast(0 as decimal(18,6))
      else channel_periods.spend
    end as spend,
    case
      when fixed_cost_periods.channel is null then 0
      else fixed_cost_periods.own_costs + fixed_cost_periods.shared_costs
    end as fixed_costs,
    cast(round(counted.customers, 9) as double precision) as customers,
    cast(counted.conversions as bigint) as conversions,
    cast(counted.customers_variance as double precision) as customers_variance,
    counted.is_complete,
    counted.is_mature,
    coalesce(channel_periods.has_coarser_spend, false) as has_coarser_spend,
    counted.cohort_start,
    counted.counted_start
  from counted
  cross join settings
  left join channel_periods
    on channel_periods.channel = counted.channel
    and channel_periods.period_grain = counted.period_grain
    and channel_periods.period_start = counted.cohort_start
  left join fixed_cost_periods
    on fixed_cost_periods.channel = counted.channel
    and fixed_cost_periods.period_grain = counted.period_grain
    and fixed_cost_periods.period_start = counted.cohort_start
),

-- Cohorts are dense, so the row before is the cohort before.
compared as (
  select
    *,
    case
      when has_coarser_spend then 'granularity_mismatch'
      when not is_complete then 'incomplete_period'
      when not is_mature then 'immature'
      when channel = 'Unmapped' and spend <> 0 then 'unmapped'
    end as missing,
    lag(spend) over previous as previous_spend,
    cast(spend - lag(spend) over previous as decimal(18,6)) as spend_change,
    lag(customers) over previous as previous_customers,
    -- Credit adds up to 1 to nine decimals; what is below is no change.
    cast(
      round(cast(customers - lag(customers) over previous as decimal(18,12)), 9) as double precision
    ) as customers_change,
    1.96 * sqrt(customers_variance + lag(customers_variance) over previous) as margin,
    case
      when not is_locked then 'no_lock'
      when has_coarser_spend or coalesce(lag(has_coarser_spend) over previous, false) then 'granularity_mismatch'
      when lag(cohort_start) over previous is null or not is_in_baseline or not lag(is_in_baseline) over previous
        then 'no_baseline'
      when not is_complete or not lag(is_complete) over previous then 'incomplete_period'
      when not is_mature or not lag(is_mature) over previous then 'immature'
      when spend is null or lag(spend) over previous is null then 'missing_rate'
      when channel = 'Unmapped' and (spend <> 0 or lag(spend) over previous <> 0) then 'unmapped'
    end as refusal,
    lag(cohort_start) over previous as previous_cohort_start
  from spent
  window previous as (partition by channel, period_grain, age order by cohort_start)
),

judged as (
  select
    *,
    coalesce(missing, cac_status(has_coarser_spend, spend, customers)) as status,
    coalesce(missing, cac_status(has_coarser_spend, spend + fixed_costs, customers)) as fully_loaded_status,
    coalesce(refusal, marginal_outcome(spend_change, customers_change, margin)) as marginal_status
  from compared
)

select
  judged.channel,
  judged.period_grain,
  judged.age,
  'media' as cost_basis,
  settings.primary_model as attribution_model,
  settings.baseline_id,
  judged.spend,
  judged.previous_spend,
  judged.spend_change,
  cast(judged.fixed_costs as decimal(18,6)) as fixed_costs,
  judged.customers,
  judged.previous_customers,
  judged.customers_change,
  judged.conversions,
  judged.customers_variance,
  case when judged.status = 'ok' then cast(judged.spend as double precision) / judged.customers end as cac,
  judged.status,
  case
    when judged.fully_loaded_status = 'ok'
      then cast(judged.spend + judged.fixed_costs as double precision) / judged.customers
  end as fully_loaded_cac,
  judged.fully_loaded_status,
  marginal_value(judged.marginal_status, judged.spend_change, judged.customers_change) as marginal_cac,
  marginal_low(judged.marginal_status, judged.spend_change, judged.customers_change, judged.margin) as ci_low,
  marginal_high(judged.marginal_status, judged.spend_change, judged.customers_change, judged.margin) as ci_high,
  judged.marginal_status,
  judged.is_mature,
  judged.cohort_start,
  next_period_start(judged.cohort_start, judged.period_grain) - 1 as cohort_end,
  next_period_start(judged.counted_start, judged.period_grain) - 1 as counted_to,
  judged.previous_cohort_start
from judged
cross join settings
