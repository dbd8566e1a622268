/*
description: >-
  Pipeline and revenue as marketing, sales and finance count them, of the same deals: what marketing sourced (the first
  touchpoint of the path is not Direct), what it influenced (any is not), everything, and what billing took of it. As known
  now. One row per conversion type, period grain and period with such conversions.
grain: [conversion_type, period_grain, period_start]
columns:
  conversion_type: { type: text, description: "opportunity: pipeline created in the period; customer: deals won in it.", tests: [not_null, { accepted_values: [opportunity, customer] }] }
  period_grain: { type: text, description: "week, month or quarter.", tests: [not_null, { accepted_values: [week, month, quarter] }] }
  conversions: { type: bigint, description: All of them., tests: [not_null] }
  traceable_conversions: { type: bigint, description: Those with a touchpoint on their path., tests: [not_null] }
  influenced_conversions: { type: bigint, description: Those with one that is not Direct., tests: [not_null] }
  sourced_conversions: { type: bigint, description: Those whose first one is not Direct., tests: [not_null] }
  billed_conversions: { type: bigint, description: Those that a customer of billing belongs to., tests: [not_null] }
  without_amount: { type: bigint, description: "Those whose amount, or its exchange rate, is not known: they are in no amount.", tests: [not_null] }
  amount: { type: 'decimal(18,6)', description: "Amounts of all, in the project's currency.", tests: [not_null] }
  traceable_amount: { type: 'decimal(18,6)', description: Of those with a touchpoint., tests: [not_null] }
  influenced_amount: { type: 'decimal(18,6)', description: Of those influenced by marketing., tests: [not_null] }
  sourced_amount: { type: 'decimal(18,6)', description: Of those sourced by marketing., tests: [not_null] }
  billed_deals_amount: { type: 'decimal(18,6)', description: Amounts of the deals that a customer of billing belongs to., tests: [not_null] }
  billed: { type: 'decimal(18,6)', description: "What these customers paid to date, less what they got back; NULL where an exchange rate is missing, or nothing is billed." }
  billed_difference: { type: 'decimal(18,6)', description: "billed less billed_deals_amount: what finance sees more, or less. NULL where billed is." }
  traceable_share: { type: double, description: "traceable_conversions / conversions.", tests: [not_null, { between: [0, 1] }] }
  traceable_amount_share: { type: double, description: "traceable_amount / amount; NULL where amount is 0." }
  period_start: { type: date, description: First day of the period., tests: [not_null] }
  period_end: { type: date, description: Last day of the period., tests: [not_null] }
tests:
  - expression: "sourced_conversions <= influenced_conversions and influenced_conversions <= traceable_conversions and traceable_conversions <= conversions"
*/
with grains as (
  select period_grain
  from (values ('week'), ('month'), ('quarter')) as listed(period_grain)
),

dated as (
  select
    conversion_revenue.conversion_type,
    grains.period_grain,
    conversion_revenue.amount,
    coalesce(conversion_revenue.amount, 0) as known_amount,
    conversion_revenue.billed,
    conversion_revenue.payers > 0 as is_billed,
    conversion_revenue.is_traceable,
    conversion_revenue.is_influenced,
    conversion_revenue.is_sourced,
    period_start(conversion_revenue.converted_date, grains.period_grain, settings.week_start) as period_start
  from conversion_revenue
  cross join grains
  cross join settings
),

summed as (
  select
    conversion_type,
    period_grain,
    count(*) as conversions,
    count(*) filter (where is_traceable) as traceable_conversions,
    count(*) filter (where is_influenced) as influenced_conversions,
    count(*) filter (where is_sourced) as sourced_conversions,
    count(*) filter (where is_billed) as billed_conversions,
    count(*) - count(amount) as without_amount,
    sum(known_amount) as amount,
    coalesce(sum(known_amount) filter (where is_traceable), 0) as traceable_amount,
    coalesce(sum(known_amount) filter (where is_influenced), 0) as influenced_amount,
    coalesce(sum(known_amount) filter (where is_sourced), 0) as sourced_amount,
    coalesce(sum(known_amount) filter (where is_billed), 0) as billed_deals_amount,
    case when count(*) filter (where is_billed and billed is null) = 0 then sum(billed) end as billed,
    period_start
  from dated
  group by conversion_type, period_grain, period_start
)

select
  conversion_type,
  period_grain,
  conversions,
  traceable_conversions,
  influenced_conversions,
  sourced_conversions,
  billed_conversions,
  without_amount,
  cast(amount as decimal(18,6)) as amount,
  cast(traceable_amount as decimal(18,6)) as traceable_amount,
  cast(influenced_amount as decimal(18,6)) as influenced_amount,
  cast(sourced_amount as decimal(18,6)) as sourced_amount,
  cast(billed_deals_amount as decimal(18,6)) as billed_deals_amount,
  cast(billed as decimal(18,6)) as billed,
  cast(billed - billed_deals_amount as decimal(18,6)) as billed_difference,
  cast(traceable_conversions as double precision) / conversions as traceable_share,
  case when amount <> 0 then cast(traceable_amount as double precision) / cast(amount as double precision) end as traceable_amount_share,
  period_start,
  next_period_start(period_start, period_grain) - 1 as period_end
from summed
