/*
description: >-
  Who gets the credit for a conversion as far as is known now, by model; of wins that ended since (`reversed_at`), who had
  it. A conversion without a path is credited whole to
  (unattributed). Rows without credit are left out; the credits of a conversion and model add up to 1. One row per
  conversion, touchpoint and model.
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
  reversed_at: { type: timestamptz, description: "When the win ended; NULL of what stands." }
tests: [credits_sum_to_one]
*/
with touch_credits as (
  select
    path_credits.conversion_id,
    path_credits.touchpoint_id,
    attribution_models.attribution_model,
    case attribution_models.attribution_model
      when 'first_touch' then path_credits.first_touch
      when 'last_touch' then path_credits.last_touch
      when 'last_non_direct' then path_credits.last_non_direct
      when 'linear' then path_credits.linear
      when 'position_based' then path_credits.position_based
      when 'w_shaped' then path_credits.w_shaped
      when 'time_decay' then path_credits.time_decay
      when 'markov' then markov_credits.markov
      when 'shapley' then path_credits.shapley
    end as credit
  from path_credits
  cross join attribution_models
  inner join markov_credits
    on markov_credits.conversion_id = path_credits.conversion_id
    and markov_credits.touchpoint_id = path_credits.touchpoint_id
),

credited_touches as (
  select
    touch_credits.conversion_id,
    touch_credits.touchpoint_id,
    touch_credits.attribution_model,
    conversion_touchpoints.person_id,
    conversion_touchpoints.channel,
    conversion_touchpoints.platform,
    conversion_touchpoints.campaign_id,
    conversion_touchpoints.position,
    conversion_touchpoints.path_length,
    touch_credits.credit,
    conversion_touchpoints.occurred_at
  from touch_credits
  inner join conversion_touchpoints
    on conversion_touchpoints.conversion_id = touch_credits.conversion_id
    and conversion_touchpoints.touchpoint_id = touch_credits.touchpoint_id
  where touch_credits.credit > 0
)

select
  all_conversions.conversion_id,
  coalesce(credited_touches.touchpoint_id, '(unattributed)') as touchpoint_id,
  attribution_models.attribution_model,
  all_conversions.conversion_type,
  credited_touches.person_id,
  coalesce(credited_touches.channel, '(unattributed)') as channel,
  credited_touches.platform,
  credited_touches.campaign_id,
  settings.baseline_id,
  credited_touches.position,
  cast(coalesce(credited_touches.path_length, 0) as bigint) as path_length,
  coalesce(credited_touches.credit, cast(1 as double precision)) as credit,
  -- The share as a decimal first: products of decimals are the same on every engine.
  cast(
    all_conversions.amount_reporting
    * cast(coalesce(credited_touches.credit, cast(1 as double precision)) as decimal(18,12))
    as decimal(18,6)
  ) as amount_credit,
  all_conversions.is_new_customer,
  all_conversions.converted_date,
  case
    when settings.booking_basis = 'touch'
      then coalesce(local_date(credited_touches.occurred_at, settings.time_zone), all_conversions.converted_date)
    else all_conversions.converted_date
  end as booked_date,
  credited_touches.occurred_at,
  all_conversions.converted_at,
  all_conversions.reversed_at
from all_conversions
cross join attribution_models
cross join settings
left join credited_touches
  on credited_touches.conversion_id = all_conversions.conversion_id
  and credited_touches.attribution_model = attribution_models.attribution_model
