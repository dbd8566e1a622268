/*
description: >-
  Customer acquisition cost: spend over new customers (credit under the primary attribution model), media alone and fully
  loaded with the costs besides it, by channel and by day, week, month and quarter of the project's time zone. The channel (all) is everything together,
  unattributed customers included. Between a channel's first activity and the last complete period every period has a
  row. Facts before the project's first day are left out. One row per channel, period grain and period.
grain: [channel, period_grain, period_start]
columns:
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): customers without a touchpoint.", tests: [not_null] }
  period_grain: { type: text, description: "day, week, month or quarter.", tests: [not_null, { accepted_values: [day, week, month, quarter] }] }
  cost_basis: { type: text, description: "What spend and cac hold: media (ad spend only). Columns fully_loaded_… hold all costs.", tests: [not_null] }
  attribution_model: { type: text, description: "Model behind the customers: the project's primary one.", tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline of the credits; NULL before the first lock. }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing." }
  fixed_costs: { type: 'decimal(18,6)', description: "Costs besides: the channel's own, and its share by spend of those for all channels; NULL where an exchange rate is missing." }
  customers: { type: double, description: "New customers: the sum of credit.", tests: [not_null] }
  conversions: { type: bigint, description: New customers in whose credit the channel has a share., tests: [not_null] }
  customers_variance: { type: double, description: "Variance of customers as a Poisson count: the sum over conversions of the channel's squared share.", tests: [not_null] }
  cac: { type: double, description: "spend / customers; NULL where status is not ok." }
  status: { type: text, description: "ok, or why there is no CAC: granularity_mismatch, missing_rate, unmapped (spend whose channel nobody knows: its customers are elsewhere), no_activity, no_customers, no_spend.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, missing_rate, unmapped, no_activity, no_customers, no_spend] }] }
  fully_loaded_cac: { type: double, description: "(spend + fixed_costs) / customers; NULL where fully_loaded_status is not ok." }
  fully_loaded_status: { type: text, description: "As status, of spend and fixed costs together.", tests: [not_null, { accepted_values: [ok, granularity_mismatch, missing_rate, unmapped, no_activity, no_customers, no_spend] }] }
  is_complete: { type: boolean, description: "Whether the period is over in the project's time zone and all sources cover it from start to end.", tests: [not_null] }
  has_coarser_spend: { type: boolean, description: Whether some of the spend is only known for longer periods than this one., tests: [not_null] }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - row_count: { equals: channel_periods }
*/
with costs as (
  select
    channel_periods.channel,
    channel_periods.period_grain,
    channel_periods.spend,
    case
      when fixed_cost_periods.channel is null then 0
      else fixed_cost_periods.own_costs + fixed_cost_periods.shared_costs
    end as fixed_costs,
    channel_periods.customers,
    channel_periods.conversions,
    channel_periods.customers_variance,
    channel_periods.is_complete,
    channel_periods.has_coarser_spend,
    coalesce(
      channel_periods.channel = 'Unmapped' and channel_periods.spend <> 0 and not channel_periods.has_coarser_spend,
      false
    ) as is_unmapped,
    channel_periods.period_start,
    channel_periods.period_end
  from channel_periods
  left join fixed_cost_periods
    on fixed_cost_periods.channel = channel_periods.channel
    and fixed_cost_periods.period_grain = channel_periods.period_grain
    and fixed_cost_periods.period_start = channel_periods.period_start
),

judged as (
  select
    *,
    case
      when is_unmapped then 'unmapped'
      else cac_status(has_coarser_spend, spend, customers)
    end as status,
    case
      when is_unmapped then 'unmapped'
      else cac_status(has_coarser_spend, spend + fixed_costs, customers)
    end as fully_loaded_status
  from costs
)

select
  judged.channel,
  judged.period_grain,
  'media' as cost_basis,
  settings.primary_model as attribution_model,
  settings.baseline_id,
  judged.spend,
  cast(judged.fixed_costs as decimal(18,6)) as fixed_costs,
  judged.customers,
  judged.conversions,
  judged.customers_variance,
  case when judged.status = 'ok' then cast(judged.spend as double precision) / judged.customers end as cac,
  judged.status,
  case
    when judged.fully_loaded_status = 'ok'
      then cast(judged.spend + judged.fixed_costs as double precision) / judged.customers
  end as fully_loaded_cac,
  judged.fully_loaded_status,
  judged.is_complete,
  judged.has_coarser_spend,
  judged.period_start,
  judged.period_end
from judged
cross join settings
