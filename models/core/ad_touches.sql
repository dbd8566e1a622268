/*
description: >-
  The touchpoints that an ad platform led to: by the campaign that is known of them, else by the click id. A click id that
  is on unpaid links too counts in a paid channel only. One row per touchpoint.
grain: [touchpoint_id]
key: touchpoint_id
columns:
  touchpoint_id: { type: text, description: "Touchpoint, as in `touchpoints`.", tests: [not_null, unique] }
  platform: { type: text, description: Ad platform., tests: [not_null] }
  campaign_id: { type: text, description: Campaign; NULL where only the platform is known. }
  evidence: { type: text, description: "What tells it: campaign or click_id.", tests: [not_null, { accepted_values: [campaign, click_id] }] }
*/
select
  touchpoints.touchpoint_id,
  coalesce(touchpoint_ads.platform, platform_by_click_id.platform) as platform,
  touchpoint_ads.campaign_id,
  case when touchpoint_ads.touchpoint_id is not null then 'campaign' else 'click_id' end as evidence
from touchpoints
left join touchpoint_ads
  on touchpoint_ads.touchpoint_id = touchpoints.touchpoint_id
left join platform_by_click_id
  on platform_by_click_id.click_id_type = touchpoints.click_id_type
  and (
    platform_by_click_id.is_ad_only
    or strpos(touchpoints.channel, 'Paid') = 1
    or touchpoints.channel in ('Cross-network', 'Display')
  )
where touchpoint_ads.touchpoint_id is not null or platform_by_click_id.platform is not null
