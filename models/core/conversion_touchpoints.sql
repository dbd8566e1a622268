/*
description: >-
  The paths: every touchpoint of a conversion's people from `lookback_days` before the conversion up to it, both ends
  included, in order of time, ties by touchpoint id. A conversion without one has no row. One row per conversion and
  touchpoint.
grain: [conversion_id, touchpoint_id]
key: conversion_id
lookups:
  touchpoints: { person_id: conversion_people.person_id }
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: Touchpoint., tests: [not_null] }
  person_id: { type: text, description: Whose touchpoint it is., tests: [not_null] }
  channel: { type: text, description: Channel of the touchpoint., tests: [not_null] }
  platform: { type: text, description: Ad platform of the click; NULL where none. }
  campaign_id: { type: text, description: Campaign of the click; NULL where none. }
  position: { type: bigint, description: "Place in the path, from 1.", tests: [not_null] }
  path_length: { type: bigint, description: Touchpoints in the path., tests: [not_null] }
  occurred_at: { type: timestamptz, description: Time of the touchpoint., tests: [not_null] }
*/
with touches_before_conversion as (
  select
    conversion_people.conversion_id,
    touchpoints.touchpoint_id,
    touchpoints.person_id,
    touchpoints.channel,
    touchpoints.platform,
    touchpoints.campaign_id,
    touchpoints.occurred_at
  from conversion_people
  inner join conversion_windows
    on conversion_windows.conversion_id = conversion_people.conversion_id
  inner join touchpoints
    on touchpoints.person_id = conversion_people.person_id
  where touchpoints.occurred_at between conversion_windows.opens_at and conversion_windows.converted_at
)

select
  conversion_id,
  touchpoint_id,
  person_id,
  channel,
  platform,
  campaign_id,
  row_number() over (partition by conversion_id order by occurred_at, byte_order(touchpoint_id)) as position,
  count(*) over (partition by conversion_id) as path_length,
  occurred_at
from touches_before_conversion
