/*
description: >-
  What each opportunity and win is worth, whether marketing is on its path, and what billing took of it. One row per
  conversion of these types.
grain: [conversion_id]
key: conversion_id
lookups:
  payer_revenue: { source: conversion_payers.source, customer_id: conversion_payers.customer_id }
columns:
  conversion_id: { type: text, description: "Conversion, as in `conversions`.", tests: [not_null, unique] }
  conversion_type: { type: text, description: opportunity or customer., tests: [not_null, { accepted_values: [opportunity, customer] }] }
  amount: { type: 'decimal(18,6)', description: "Its amount in the project's currency; NULL where the amount or its rate is not known." }
  billed: { type: 'decimal(18,6)', description: "What the customers of billing that belong to it paid to date, less what they got back; NULL where there are none, or a rate is missing." }
  payers: { type: bigint, description: Customers of billing that belong to it., tests: [not_null] }
  touchpoints: { type: bigint, description: Touchpoints on its path., tests: [not_null] }
  is_new_customer: { type: boolean, description: Whether it is a new customer; NULL for opportunities. }
  is_traceable: { type: boolean, description: Whether its path has a touchpoint., tests: [not_null] }
  is_influenced: { type: boolean, description: Whether its path has a touchpoint that is not Direct., tests: [not_null] }
  is_sourced: { type: boolean, description: Whether the first touchpoint of its path is not Direct., tests: [not_null] }
  converted_date: { type: date, description: "Day of the conversion in the project's time zone.", tests: [not_null] }
*/
with paths as (
  select
    conversion_id,
    count(*) as touchpoints,
    bool_or(channel <> 'Direct') as is_influenced,
    bool_or(channel <> 'Direct' and position = 1) as is_sourced
  from conversion_touchpoints
  group by conversion_id
),

payments as (
  select
    conversion_payers.conversion_id,
    count(*) as payers,
    case when count(*) = count(payer_revenue.revenue) then cast(sum(payer_revenue.revenue) as decimal(18,6)) end as billed
  from conversion_payers
  left join payer_revenue
    on payer_revenue.source = conversion_payers.source
    and payer_revenue.customer_id = conversion_payers.customer_id
  group by conversion_payers.conversion_id
)

select
  conversions.conversion_id,
  conversions.conversion_type,
  conversions.amount_reporting as amount,
  payments.billed,
  coalesce(payments.payers, 0) as payers,
  coalesce(paths.touchpoints, 0) as touchpoints,
  conversions.is_new_customer,
  coalesce(paths.touchpoints > 0, false) as is_traceable,
  coalesce(paths.is_influenced, false) as is_influenced,
  coalesce(paths.is_sourced, false) as is_sourced,
  conversions.converted_date
from conversions
left join paths
  on paths.conversion_id = conversions.conversion_id
left join payments
  on payments.conversion_id = conversions.conversion_id
where conversions.conversion_type in ('opportunity', 'customer')
