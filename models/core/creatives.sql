/*
description: >-
  Ads and creatives that ever delivered, where the platform tells their spend, with the channel of their campaign. One row
  per platform, account and creative.
grain: [platform, account_id, creative_id]
key: [platform, account_id, creative_id]
lookups:
  campaign_channels: { platform: creative_days.platform, account_id: creative_days.account_id, campaign_id: creative_days.campaign_id }
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  creative_id: { type: text, description: Ad or creative., tests: [not_null] }
  creative_name: { type: text, description: "Name on the last day of delivery, verbatim." }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: "Ad group or ad set, as in `spend_daily`.", tests: [not_null] }
  channel: { type: text, description: "Channel of the campaign, as in `campaign_channels`.", tests: [not_null] }
  last_spend_date: { type: date, description: Last day of delivery (account zone)., tests: [not_null] }
*/
with ranked as (
  select
    platform,
    account_id,
    creative_id,
    creative_name,
    campaign_id,
    segment_id,
    spend_date,
    row_number() over (
      partition by platform, account_id, creative_id
      order by spend_date desc nulls last, byte_order(segment_id)
    ) as place
  from creative_days
)

select
  ranked.platform,
  ranked.account_id,
  ranked.creative_id,
  ranked.creative_name,
  ranked.campaign_id,
  ranked.segment_id,
  coalesce(campaign_channels.channel, 'Unmapped') as channel,
  ranked.spend_date as last_spend_date
from ranked
left join campaign_channels
  on campaign_channels.platform = ranked.platform
  and campaign_channels.account_id = ranked.account_id
  and campaign_channels.campaign_id = ranked.campaign_id
where ranked.place = 1
