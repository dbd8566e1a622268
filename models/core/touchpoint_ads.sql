/*
description: >-
  The ad campaign that a touchpoint is of, and its segment where that is known: by the click that the platform lists; else
  by the link, where exactly one campaign of the touchpoint's channel has the link's utm_campaign as its name or id.
  Touchpoints of no campaign are absent. One row per touchpoint.
grain: [touchpoint_id]
key: touchpoint_id
lookups:
  ad_clicks_feed: { click_id: touchpoints.click_id }
columns:
  touchpoint_id: { type: text, description: "Touchpoint, as in `touchpoints`.", tests: [not_null, unique] }
  platform: { type: text, description: Ad platform., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: "Ad group or ad set of the click; NULL where the click is not listed or has none." }
  evidence: { type: text, description: "What tells it: click or link.", tests: [not_null, { accepted_values: [click, link] }] }
*/
with names as (
  select channel, fold_case(tidy_text(campaign_name)) as name, platform, campaign_id
  from campaigns
  where campaign_name is not null

  union

  select channel, fold_case(campaign_id) as name, platform, campaign_id
  from campaigns
),

counted_names as (
  select channel, name, platform, campaign_id, count(*) over (partition by channel, name) as campaigns
  from names
),

clicks as (
  select distinct platform, click_id_type, click_id, segment_id
  from ad_clicks_feed
)

select
  touchpoints.touchpoint_id,
  coalesce(touchpoints.platform, counted_names.platform) as platform,
  coalesce(touchpoints.campaign_id, counted_names.campaign_id) as campaign_id,
  clicks.segment_id,
  case when touchpoints.campaign_id is not null then 'click' else 'link' end as evidence
from touchpoints
left join clicks
  on clicks.platform = touchpoints.platform
  and clicks.click_id_type = touchpoints.click_id_type
  and clicks.click_id = touchpoints.click_id
left join counted_names
  on counted_names.channel = touchpoints.channel
  and counted_names.name = fold_case(touchpoints.campaign)
  and counted_names.campaigns = 1
where coalesce(touchpoints.campaign_id, counted_names.campaign_id) is not null
