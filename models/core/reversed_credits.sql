/*
description: >-
  Frozen credits of wins that ended and stay ended, with the sign turned and booked on the day they ended: add them to
  reported credits to book reversals in the period in which they came about. One row per conversion, touchpoint and model.
grain: [conversion_id, touchpoint_id, attribution_model]
key: conversion_id
columns:
  conversion_id: { type: text, description: "The win, as `settled_credits` has it.", tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path is empty.", tests: [not_null] }
  attribution_model: { type: text, description: "Model, as in attribution_models.", tests: [not_null] }
  channel: { type: text, description: Channel of the touchpoint., tests: [not_null] }
  cause: { type: text, description: "Why the win ended, as in `conversion_reversals`: the first of several.", tests: [not_null] }
  credit: { type: double, description: "Less than nothing: what was reported, given back.", tests: [not_null, { between: [-1, 0] }] }
  amount_credit: { type: 'decimal(18,6)', description: "The same share of the amount in the project's currency." }
  is_new_customer: { type: boolean, description: Whether the win had been reported as a new customer. }
  converted_date: { type: date, description: Day on which it had been reported., tests: [not_null] }
  booked_date: { type: date, description: "Day on which it ended, in the project's time zone.", tests: [not_null] }
*/
with final_reversals as (
  select
    conversion_id,
    cause,
    reversed_date,
    row_number() over (partition by conversion_id order by reversed_at, byte_order(cause)) as place
  from conversion_reversals
  where not is_won_again
)

select
  settled_credits.conversion_id,
  settled_credits.touchpoint_id,
  settled_credits.attribution_model,
  settled_credits.channel,
  final_reversals.cause,
  -settled_credits.credit as credit,
  cast(-settled_credits.amount_credit as decimal(18,6)) as amount_credit,
  settled_credits.is_new_customer,
  settled_credits.converted_date,
  final_reversals.reversed_date as booked_date
from settled_credits
inner join final_reversals
  on final_reversals.conversion_id = settled_credits.conversion_id
  and final_reversals.place = 1
