/*
description: >-
  Customer acquisition cost: media spend over new customers (credit under the primary attribution model), by channel
  and by day, week, month and quarter of the project's time zone. The channel (all) is everything together,
  unattributed customers included. Between a channel's first activity and the last complete period every period has a
  row. Facts before the project's first day are left out. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): customers without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  cost_basis: { type: text, description: "What the spend holds: media (ad spend only).", tests: [not_null] }
  attribution_model: { type: text, description: "Model behind the customers: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing." }
  customers: { type: double, description: "New customers: the sum of credit.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "Variance of customers as a Poisson count: the sum over conversions of the channel's squared share.", tests: [not_null] }
  cac: { type: double, description: "spend / customers; NULL where status is not ok." }
  status: { type: text, description: "ok, or why there is no CAC: granularity_mismatch, missing_rate, no_activity, no_customers, no_spend.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, missing_rate, no_activity, no_customers, no_spend] }] }
  trust: { type: text, description: "Outcome of the checks on the data behind the number: unchecked until checks exist.", tests: [not_null] }
  is_complete: { type: boolean, description: "Whether the period is over in the project's time zone and all sources cover it from start to end.", tests: [not_null] }
  has_coarser_spend: { type: boolean, description: Whether some of the spend is only known for longer periods than this one., tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - row_count: { equals: channel_periods }
*/
with judged as (
  select
    channel,
    period_grain,
    spend,
    customers,
    conversions,
    customers_variance,
    case
      when has_coarser_spend then 'granularity_mismatch'
      when spend is null then 'missing_rate'
      when spend = 0 and customers = 0 then 'no_activity'
      when customers = 0 then 'no_customers'
      when spend = 0 then 'no_spend'
      else 'ok'
    end as status,
    is_complete,
    has_coarser_spend,
    period_start,
    period_end
  from channel_periods
)

select
  judged.channel,
  judged.period_grain,
  'media' as cost_basis,
  settings.primary_model as attribution_model,
  settings.baseline_id,
  judged.spend,
  judged.customers,
  judged.conversions,
  judged.customers_variance,
  case when judged.status = 'ok' then cast(judged.spend as double precision) / judged.customers end as cac,
  judged.status,
  'unchecked' as trust,
  judged.is_complete,
  judged.has_coarser_spend,
  judged.period_start,
  judged.period_end
from judged
cross join settings
