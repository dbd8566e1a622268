/*
description: >-
  What the next customer costs: the change of spend over the change of new customers against the previous period of the
  same grain and channel, with a 95 % interval, and a status that says why wherever there is no such number. Beside it
  an observational estimate from the elasticity of customers to spend. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel, as in cac.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  cost_basis: { type: text, description: "What the spend holds: media (ad spend only).", tests: [not_null] }
  attribution_model: { type: text, description: "Model behind the customers: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Spend; NULL where an exchange rate is missing." }
  previous_spend: { type: 'decimal(18,6)', description: Spend of the previous period. }
  spend_change: { type: 'decimal(18,6)', description: "spend less previous_spend." }
  customers: { type: double, description: New customers., tests: [not_null] }
  previous_customers: { type: double, description: New customers of the previous period. }
  customers_change: { type: double, description: "customers less previous_customers." }
  conversions: { type: bigint, description: Conversions behind customers., tests: [not_null] }
  previous_conversions: { type: bigint, description: Conversions behind previous_customers. }
  customers_change_low: { type: double, description: "Lower end of the 95 % interval of customers_change." }
  customers_change_high: { type: double, description: "Upper end of the 95 % interval of customers_change." }
  cac: { type: double, description: "Average cost in the period, as in cac." }
  marginal_cac: { type: double, description: "spend_change / customers_change where status is ok, not_significant or scale_back; else NULL." }
  ci_low: { type: double, description: "Lower end of the 95 % interval of marginal_cac: the best case that the data allow." }
  ci_high: { type: double, description: "Upper end; NULL where the interval is open, because customers may not have changed at all." }
  status: { type: text, description: "ok; scale_back: spent less, the saving per customer forgone; not_significant: the change of customers may be chance; or why there is no value: no_lock, granularity_mismatch, no_baseline, incomplete_period, missing_rate, unmapped, no_spend_change, saturated, efficiency_gain.", tests: [not_null, { accepted_values: [ok, scale_back, not_significant, no_lock, granularity_mismatch, no_baseline, incomplete_period, missing_rate, unmapped, no_spend_change, saturated, efficiency_gain] }] }
  is_decaying: { type: boolean, description: "Whether marginal CAC exceeds CAC, significantly, for the second period in a row.", tests: [not_null] }
  elasticity: { type: double, description: "Slope of ln customers on ln spend over the last complete periods; NULL where it is not identified." }
  elasticity_periods: { type: bigint, description: "Periods with spend and customers among the last 26 complete ones.", tests: [not_null] }
  elasticity_r2: { type: double, description: R² of that regression. }
  elasticity_marginal_cac: { type: double, description: "cac / elasticity. Observational: what moved spend may have moved customers too." }
  elasticity_ci_low: { type: double, description: "Lower end of its 95 % interval (Student's t, periods less 2 degrees of freedom)." }
  elasticity_ci_high: { type: double, description: Upper end; NULL where the interval of the elasticity reaches 0. }
  elasticity_status: { type: text, description: "ok; or not_identified: fewer than 8 periods, constant spend or customers, or an elasticity that is not positive.", tests: [not_null, { accepted_values: [ok, not_identified] }] }
  is_complete: { type: boolean, description: "Whether the period is over and all sources cover it.", tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
  previous_period_start: { type: date, description: First day of the previous period; NULL for a channel's first. }
tests:
  - row_count: { equals: cac }
*/
with periods as (
  select
    cac.channel,
    cac.period_grain,
    cac.cost_basis,
    cac.attribution_model,
    cac.baseline_id,
    coalesce(cac.baseline_id, '') as baseline,
    settings.baseline_id is not null as is_locked,
    -- Nothing compares a period of this baseline with one from before it.
    settings.baseline_id is not null
      and (settings.baseline_from is null or cac.period_start >= settings.baseline_from) as is_in_baseline,
    cac.spend,
    cac.customers,
    cac.conversions,
    cac.customers_variance,
    cac.cac,
    cac.is_complete,
    cac.has_coarser_spend,
    cac.period_start,
    cac.period_end
  from cac
  cross join settings
),

measured as (
  select
    *,
    case
      when is_in_baseline and is_complete and not has_coarser_spend and channel <> 'Unmapped' and spend > 0 and customers > 0
        then ln(cast(spend as double precision))
    end as log_spend,
    case
      when is_in_baseline and is_complete and not has_coarser_spend and channel <> 'Unmapped' and spend > 0 and customers > 0
        then ln(customers)
    end as log_customers
  from periods
),

-- The calendar is dense, so the row before is the period before.
compared as (
  select
    *,
    lag(spend) over previous as previous_spend,
    cast(spend - lag(spend) over previous as decimal(18,6)) as spend_change,
    lag(customers) over previous as previous_customers,
    -- Credit adds up to 1 to nine decimals; what is below is no change.
    cast(
      round(cast(customers - lag(customers) over previous as decimal(18,12)), 9) as double precision
    ) as customers_change,
    lag(conversions) over previous as previous_conversions,
    1.96 * sqrt(customers_variance + lag(customers_variance) over previous) as margin,
    case
      when not is_locked then 'no_lock'
      when has_coarser_spend or coalesce(lag(has_coarser_spend) over previous, false) then 'granularity_mismatch'
      when lag(period_start) over previous is null or lag(baseline) over previous <> baseline
        or not lag(is_in_baseline) over previous then 'no_baseline'
      when not is_complete or not lag(is_complete) over previous then 'incomplete_period'
      when spend is null or lag(spend) over previous is null then 'missing_rate'
      when channel = 'Unmapped' and (spend <> 0 or lag(spend) over previous <> 0) then 'unmapped'
    end as refusal,
    regr_slope(log_customers, log_spend) over last_26_periods as slope,
    regr_r2(log_customers, log_spend) over last_26_periods as r2,
    regr_sxx(log_customers, log_spend) over last_26_periods as sxx,
    regr_syy(log_customers, log_spend) over last_26_periods as syy,
    cast(regr_count(log_customers, log_spend) over last_26_periods as bigint) as observations,
    min(log_spend) over last_26_periods < max(log_spend) over last_26_periods
      and min(log_customers) over last_26_periods < max(log_customers) over last_26_periods as has_variation,
    lag(period_start) over previous as previous_period_start
  from measured
  window
    previous as (partition by channel, period_grain order by period_start),
    last_26_periods as (
      partition by channel, period_grain
      order by period_start
      rows between 25 preceding and current row
    )
),

bounded as (
  select
    compared.*,
    compared.customers_change - compared.margin as customers_change_low,
    compared.customers_change + compared.margin as customers_change_high,
    case
      when compared.is_complete and compared.has_variation and compared.observations >= 8 and compared.slope > 0
        then compared.slope
    end as elasticity,
    case
      when compared.has_variation and compared.observations >= 8 then
        student_t.quantile
        * sqrt(greatest(1 - compared.r2, 0) * compared.syy / cast((compared.observations - 2) * compared.sxx as double precision))
    end as elasticity_margin
  from compared
  left join student_t
    on student_t.degrees_of_freedom = compared.observations - 2
),

judged as (
  select
    *,
    coalesce(refusal, marginal_outcome(spend_change, customers_change, margin)) as status
  from bounded
),

valued as (
  select
    *,
    marginal_value(status, spend_change, customers_change) as marginal_cac,
    marginal_low(status, spend_change, customers_change, margin) as ci_low,
    marginal_high(status, spend_change, customers_change, margin) as ci_high,
    case when elasticity is not null then r2 end as elasticity_r2,
    cac / cast(elasticity as double precision) as elasticity_marginal_cac,
    cac / cast(elasticity + elasticity_margin as double precision) as elasticity_ci_low,
    case
      when elasticity > elasticity_margin then cac / cast(elasticity - elasticity_margin as double precision)
    end as elasticity_ci_high
  from judged
)

select
  channel,
  period_grain,
  cost_basis,
  attribution_model,
  baseline_id,
  spend,
  previous_spend,
  spend_change,
  customers,
  previous_customers,
  customers_change,
  conversions,
  previous_conversions,
  customers_change_low,
  customers_change_high,
  cac,
  marginal_cac,
  ci_low,
  ci_high,
  status,
  coalesce(
    status = 'ok' and marginal_cac > cac
      and lag(status) over previous = 'ok' and lag(marginal_cac) over previous > lag(cac) over previous,
    false
  ) as is_decaying,
  elasticity,
  observations as elasticity_periods,
  elasticity_r2,
  elasticity_marginal_cac,
  elasticity_ci_low,
  elasticity_ci_high,
  case when elasticity is null then 'not_identified' else 'ok' end as elasticity_status,
  is_complete,
  period_start,
  period_end,
  previous_period_start
from valued
window previous as (partition by channel, period_grain order by period_start)
