/*
description: >-
  Which ad platforms and campaigns are in the path of a conversion, and which of them was last: that one alone the
  conversion is matched with, so that it is never counted twice. One row per conversion, platform and campaign.
grain: [conversion_id, platform, campaign_id]
key: conversion_id
lookups:
  ad_touches: { touchpoint_id: conversion_touchpoints.touchpoint_id }
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  platform: { type: text, description: Ad platform., tests: [not_null] }
  campaign_id: { type: text, description: "Campaign; (unknown) where only the platform is known.", tests: [not_null] }
  touchpoints: { type: bigint, description: Touchpoints of it in the path., tests: [not_null] }
  is_last: { type: boolean, description: "Whether the last touchpoint of any platform in the path is one of it.", tests: [not_null] }
*/
with ranked as (
  select
    conversion_touchpoints.conversion_id,
    ad_touches.platform,
    coalesce(ad_touches.campaign_id, '(unknown)') as campaign_id,
    row_number() over (
      partition by conversion_touchpoints.conversion_id
      order by conversion_touchpoints.position desc nulls last
    ) as place_from_end
  from conversion_touchpoints
  inner join ad_touches
    on ad_touches.touchpoint_id = conversion_touchpoints.touchpoint_id
)

select
  conversion_id,
  platform,
  campaign_id,
  count(*) as touchpoints,
  min(place_from_end) = 1 as is_last
from ranked
group by conversion_id, platform, campaign_id
