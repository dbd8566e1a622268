/*
description: >-
  Reported credits of wins that ended, with the sign turned and booked on the day they ended: CAC counts them with the
  reported ones, so that a lost customer leaves the period in which it was lost, not the one in which it was won. What was
  booked before the project's first day never counted, and is not given back. One row per conversion, touchpoint and model.
grain: [conversion_id, touchpoint_id, attribution_model]
key: conversion_id
columns:
  conversion_id: { type: text, description: "The win, as `attribution_credits` has it.", tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path is empty.", tests: [not_null] }
  attribution_model: { type: text, description: "Model, as in attribution_models.", tests: [not_null] }
  conversion_type: { type: text, description: Type of the conversion., tests: [not_null] }
  person_id: { type: text, description: Whose touchpoint it is; NULL where the path is empty. }
  channel: { type: text, description: Channel of the touchpoint., tests: [not_null] }
  platform: { type: text, description: Ad platform of the click; NULL where none. }
  campaign_id: { type: text, description: Campaign of the click; NULL where none. }
  baseline_id: { type: text, description: Attribution baseline under which the credit was computed. }
  cause: { type: text, description: "Why the win ended, as in `conversion_reversals`: the first of several.", tests: [not_null] }
  position: { type: bigint, description: "Place in the path, from 1; NULL where the path is empty." }
  path_length: { type: bigint, description: Touchpoints in the path; 0 where it is empty., tests: [not_null] }
  credit: { type: double, description: "Less than nothing: what was reported, given back.", tests: [not_null, { between: [-1, 0] }] }
  amount_credit: { type: 'decimal(18,6)', description: "The same share of the amount in the project's currency." }
  is_new_customer: { type: boolean, description: Whether the win had been reported as a new customer. }
  converted_date: { type: date, description: Day on which it had been reported., tests: [not_null] }
  booked_date: { type: date, description: "Day on which it ended, in the project's time zone.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: Time of the touchpoint; NULL where the path is empty. }
  converted_at: { type: timestamptz, description: Time of the conversion., tests: [not_null] }
  locked_at: { type: timestamptz, description: When the credit was frozen. }
*/
with first_reversals as (
  select
    conversion_id,
    cause,
    reversed_date,
    row_number() over (partition by conversion_id order by reversed_at, byte_order(cause)) as place
  from conversion_reversals
)

select
  attribution_credits.conversion_id,
  attribution_credits.touchpoint_id,
  attribution_credits.attribution_model,
  attribution_credits.conversion_type,
  attribution_credits.person_id,
  attribution_credits.channel,
  attribution_credits.platform,
  attribution_credits.campaign_id,
  attribution_credits.baseline_id,
  first_reversals.cause,
  attribution_credits.position,
  attribution_credits.path_length,
  -attribution_credits.credit as credit,
  cast(-attribution_credits.amount_credit as decimal(18,6)) as amount_credit,
  attribution_credits.is_new_customer,
  attribution_credits.converted_date,
  first_reversals.reversed_date as booked_date,
  attribution_credits.occurred_at,
  attribution_credits.converted_at,
  attribution_credits.locked_at
from attribution_credits
cross join settings
inner join first_reversals
  on first_reversals.conversion_id = attribution_credits.conversion_id
  and first_reversals.place = 1
where settings.first_date is null or attribution_credits.booked_date >= settings.first_date
