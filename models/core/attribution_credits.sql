/*
description: >-
  Who gets the credit for a conversion, by model, as reported: frozen once the conversion has settled, as known now until
  then. A conversion without a path is credited whole to (unattributed). Rows without credit are left out; the credits of
  a conversion and model add up to 1. One row per conversion, touchpoint and model.
grain: [conversion_id, touchpoint_id, attribution_model]
key: conversion_id
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path is empty.", tests: [not_null] }
  attribution_model: { type: text, description: "Model, as in attribution_models.", tests: [not_null, { accepted_values: [first_touch, last_touch, last_non_direct, linear, position_based, w_shaped, time_decay, markov, shapley] }] }
  conversion_type: { type: text, description: Type of the conversion., tests: [not_null] }
  person_id: { type: text, description: Whose touchpoint it is; NULL where the path is empty. }
  channel: { type: text, description: "Channel of the touchpoint; (unattributed) where the path is empty.", tests: [not_null] }
  platform: { type: text, description: Ad platform of the click; NULL where none. }
  campaign_id: { type: text, description: Campaign of the click; NULL where none. }
  baseline_id: { type: text, description: Attribution baseline under which it was computed; NULL before the first lock. }
  position: { type: bigint, description: "Place in the path, from 1; NULL where the path is empty." }
  path_length: { type: bigint, description: Touchpoints in the path; 0 where it is empty., tests: [not_null] }
  credit: { type: double, description: Share of the conversion., tests: [not_null, { between: [0, 1] }] }
  amount_credit: { type: 'decimal(18,6)', description: "The same share of the amount in the project's currency; NULL where that is." }
  is_new_customer: { type: boolean, description: Whether the conversion is a new customer; NULL for other types. }
  converted_date: { type: date, description: "Day of the conversion in the project's time zone.", tests: [not_null] }
  booked_date: { type: date, description: "Day the credit counts for: that of the conversion or of the touchpoint, by the config; that of the conversion where the path is empty.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: Time of the touchpoint; NULL where the path is empty. }
  converted_at: { type: timestamptz, description: Time of the conversion., tests: [not_null] }
  locked_at: { type: timestamptz, description: When the credit was frozen; NULL while the conversion is not settled. }
tests: [credits_sum_to_one]
*/
with settled_conversions as (
  select distinct conversion_id
  from settled_credits
)

select
  conversion_id,
  touchpoint_id,
  attribution_model,
  conversion_type,
  person_id,
  channel,
  platform,
  campaign_id,
  baseline_id,
  position,
  path_length,
  credit,
  amount_credit,
  is_new_customer,
  converted_date,
  booked_date,
  occurred_at,
  converted_at,
  locked_at
from settled_credits

union all

select
  current_credits.conversion_id,
  current_credits.touchpoint_id,
  current_credits.attribution_model,
  current_credits.conversion_type,
  current_credits.person_id,
  current_credits.channel,
  current_credits.platform,
  current_credits.campaign_id,
  current_credits.baseline_id,
  current_credits.position,
  current_credits.path_length,
  current_credits.credit,
  current_credits.amount_credit,
  current_credits.is_new_customer,
  current_credits.converted_date,
  current_credits.booked_date,
  current_credits.occurred_at,
  current_credits.converted_at,
  cast(null as timestamptz) as locked_at
from current_credits
left join settled_conversions
  on settled_conversions.conversion_id = current_credits.conversion_id
where settled_conversions.conversion_id is null
