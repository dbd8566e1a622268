/*
description: >-
  Spend of Performance Max per asset group: a part of the campaigns' spend, never a total. One row per account,
  campaign, asset group and day.
grain: [account_id, campaign_id, segment_id, spend_date]
source: google-ads.asset_group_days
reads:
  account_id: text
  account_name: text
  account_time_zone: text
  currency: text
  campaign_id: text
  campaign_name: text
  channel_type: text
  asset_group_id: text
  asset_group_name: text
  date: date
  cost: decimal(38,9)
  impressions: bigint
  clicks: bigint
  _as_of: timestamptz
  _deleted: boolean
feeds: ad_spend
columns:
  platform: { type: text, description: "Platform, as the connector is named: google_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_name: { type: text, description: Name of the account. }
  account_time_zone: { type: text, description: "IANA zone in which the account's days begin.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: Name of the campaign as last seen. }
  campaign_type: { type: text, description: "Kind of campaign: search, performance_max, display, video, shopping, or other.", tests: [not_null] }
  spend_level: { type: text, description: "segment: a part of the campaign.", tests: [not_null] }
  segment_id: { type: text, description: "Asset group.", tests: [not_null] }
  segment_name: { type: text, description: "Name of the asset group." }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
  source_grain: { type: text, description: "day.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: Clicks. }
  as_of: { type: timestamptz, description: "When these figures were loaded first." }
*/
select
  'google_ads' as platform,
  account_id,
  account_name,
  account_time_zone,
  currency,
  campaign_id,
  campaign_name,
  case
    when channel_type in ('SEARCH', 'PERFORMANCE_MAX', 'DISPLAY', 'VIDEO', 'SHOPPING') then lower(channel_type)
    else 'other'
  end as campaign_type,
  'segment' as spend_level,
  asset_group_id as segment_id,
  asset_group_name as segment_name,
  date as spend_date,
  'day' as source_grain,
  cast(cost as decimal(18, 6)) as spend,
  impressions,
  clicks,
  _as_of as as_of
from source
where not _deleted
