/*
description: >-
  Conversions that no touchpoint has credit for, and why: they are credited whole to (unattributed), in every total. One row
  per conversion.
grain: [conversion_id]
key: conversion_id
lookups:
  touchpoints: { person_id: conversion_people.person_id }
columns:
  conversion_id: { type: text, description: "Conversion, as in `attribution_credits`.", tests: [not_null, unique] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null] }
  reason: { type: text, description: "nobody: it has no people; no_touchpoint: its people have none; before_lookback: all are before the lookback; after_conversion: all others are after it; withdrawn: it is no conversion any more; late: touchpoints became known after its credits were frozen.", tests: [not_null, { accepted_values: [nobody, no_touchpoint, before_lookback, after_conversion, withdrawn, late] }] }
  people: { type: bigint, description: Its people., tests: [not_null] }
  touchpoints: { type: bigint, description: "Their touchpoints, whenever they were.", tests: [not_null] }
  amount: { type: 'decimal(18,6)', description: "Its amount in the project's currency; NULL where that is." }
  is_new_customer: { type: boolean, description: Whether it is a new customer; NULL for other types. }
  converted_date: { type: date, description: "Day of the conversion in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: Time of the conversion., tests: [not_null] }
*/
with unattributed as (
  select
    attribution_credits.conversion_id,
    attribution_credits.conversion_type,
    attribution_credits.amount_credit,
    attribution_credits.is_new_customer,
    attribution_credits.converted_date,
    attribution_credits.converted_at
  from attribution_credits
  inner join settings
    on settings.primary_model = attribution_credits.attribution_model
  where attribution_credits.touchpoint_id = '(unattributed)'
),

known as (
  select
    unattributed.conversion_id,
    count(distinct conversion_people.person_id) as people,
    count(touchpoints.touchpoint_id) as touchpoints,
    count(*) filter (where touchpoints.occurred_at < conversion_windows.opens_at) as touchpoints_before,
    count(*) filter (where touchpoints.occurred_at > conversion_windows.converted_at) as touchpoints_after,
    count(*) filter (where conversion_windows.conversion_id is not null and conversion_windows.reversed_at is null) as windows
  from unattributed
  left join conversion_windows
    on conversion_windows.conversion_id = unattributed.conversion_id
  left join conversion_people
    on conversion_people.conversion_id = unattributed.conversion_id
  left join touchpoints
    on touchpoints.person_id = conversion_people.person_id
  group by unattributed.conversion_id
)

select
  unattributed.conversion_id,
  unattributed.conversion_type,
  case
    when known.windows = 0 then 'withdrawn'
    when known.people = 0 then 'nobody'
    when known.touchpoints = 0 then 'no_touchpoint'
    when known.touchpoints_before = known.touchpoints then 'before_lookback'
    when known.touchpoints_before + known.touchpoints_after = known.touchpoints then 'after_conversion'
    else 'late'
  end as reason,
  known.people,
  known.touchpoints,
  unattributed.amount_credit as amount,
  unattributed.is_new_customer,
  unattributed.converted_date,
  unattributed.converted_at
from unattributed
inner join known
  on known.conversion_id = unattributed.conversion_id
