/*
description: >-
  Who gets the credit for a conversion, by model: first_touch and last_touch give 1 to the first or last touchpoint of
  the path, linear gives each its equal share. A conversion without a path is credited whole to (unattributed). Rows
  without credit are left out; the credits of a conversion and model add up to 1. One row per conversion, touchpoint
  and model.
grain: [conversion_id, touchpoint_id, attribution_model]
key: conversion_id
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path is empty.", tests: [not_null] }
  attribution_model: { type: text, description: "first_touch, last_touch or linear.", tests: [not_null, { accepted_values: [first_touch, last_touch, linear] }] }
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
  occurred_at: { type: timestamptz, description: Time of the touchpoint; NULL where the path is empty. }
  converted_at: { type: timestamptz, description: Time of the conversion., tests: [not_null] }
  locked_at: { type: timestamptz, description: When the credit was frozen; NULL in this version. }
tests: [credits_sum_to_one]
*/
with models as (
  select attribution_model
  from (values ('first_touch'), ('last_touch'), ('linear')) as listed(attribution_model)
),

path_credits as (
  select
    conversion_touchpoints.conversion_id,
    conversion_touchpoints.touchpoint_id,
    models.attribution_model,
    conversion_touchpoints.person_id,
    conversion_touchpoints.channel,
    conversion_touchpoints.platform,
    conversion_touchpoints.campaign_id,
    conversion_touchpoints.position,
    conversion_touchpoints.path_length,
    cast(1 as double precision) / case models.attribution_model
      when 'linear' then cast(conversion_touchpoints.path_length as double precision)
      else cast(1 as double precision)
    end as credit,
    conversion_touchpoints.occurred_at
  from conversion_touchpoints
  cross join models
  where models.attribution_model = 'linear'
    or (models.attribution_model = 'first_touch' and conversion_touchpoints.position = 1)
    or (
      models.attribution_model = 'last_touch'
      and conversion_touchpoints.position = conversion_touchpoints.path_length
    )
)

select
  conversions.conversion_id,
  coalesce(path_credits.touchpoint_id, '(unattributed)') as touchpoint_id,
  models.attribution_model,
  conversions.conversion_type,
  path_credits.person_id,
  coalesce(path_credits.channel, '(unattributed)') as channel,
  path_credits.platform,
  path_credits.campaign_id,
  settings.baseline_id,
  path_credits.position,
  cast(coalesce(path_credits.path_length, 0) as bigint) as path_length,
  coalesce(path_credits.credit, cast(1 as double precision)) as credit,
  -- The share as a decimal first: products of decimals are the same on every engine.
  cast(
    conversions.amount_reporting * cast(coalesce(path_credits.credit, cast(1 as double precision)) as decimal(18,12))
    as decimal(18,6)
  ) as amount_credit,
  conversions.is_new_customer,
  conversions.converted_date,
  path_credits.occurred_at,
  conversions.converted_at,
  cast(null as timestamptz) as locked_at
from conversions
cross join models
cross join settings
left join path_credits
  on path_credits.conversion_id = conversions.conversion_id
  and path_credits.attribution_model = models.attribution_model
