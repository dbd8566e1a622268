/*
description: >-
  The credits of settled conversions, as they were at the first build after settles_at, frozen from then on; none before
  the first attribution lock. What later evidence would have changed is in attribution_restatements. One row per
  conversion, touchpoint and model.
grain: [conversion_id, touchpoint_id, attribution_model]
materialized: ledger
key: conversion_id
wakes_at: conversion_windows.settles_at
ledger: { period: converted_date, stamps: [person_id, baseline_id, locked_at] }
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
  locked_at: { type: timestamptz, description: When the credit was frozen., tests: [not_null] }
*/
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
  clock.now_at as locked_at
from current_credits
inner join conversion_windows
  on conversion_windows.conversion_id = current_credits.conversion_id
cross join settings
cross join clock
where settings.has_baseline
  and conversion_windows.settles_at <= clock.now_at
  and conversion_windows.reversed_at is null
