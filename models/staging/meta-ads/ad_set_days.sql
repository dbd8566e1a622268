/*
description: >-
  Spend of Meta Ads per ad set: the parts of the campaigns' spend, beside it. One row per account, campaign, ad set
  and day.
grain: [account_id, campaign_id, segment_id, spend_date]
source: meta-ads.ad_set_days
reads:
  account_id: text
  account_name: text
  account_time_zone: text
  currency: text
  campaign_id: text
  campaign_name: text
  ad_set_id: text
  ad_set_name: text
  date: date
  spend: decimal(38,9)
  impressions: bigint
  link_clicks: bigint
  _as_of: timestamptz
  _deleted: boolean
feeds: ad_spend
columns:
  platform: { type: text, description: "Platform, as the connector is named: meta_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_name: { type: text, description: Name of the account. }
  account_time_zone: { type: text, description: "IANA zone in which the account's days begin.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: Name of the campaign as last seen. }
  campaign_type: { type: text, description: "social.", tests: [not_null] }
  spend_level: { type: text, description: "segment: a part of the campaign.", tests: [not_null] }
  segment_id: { type: text, description: "Ad set.", tests: [not_null] }
  segment_name: { type: text, description: "Name of the ad set." }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
  source_grain: { type: text, description: "day.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: "Clicks on links; clicks on likes and profiles are not in it." }
  as_of: { type: timestamptz, description: "When these figures were loaded first." }
*/
select
  'meta_ads' as platform,
  account_id,
  account_name,
  account_time_zone,
  currency,
  campaign_id,
  campaign_name,
  'social' as campaign_type,
  'segment' as spend_level,
  ad_set_id as segment_id,
  ad_set_name as segment_name,
  date as spend_date,
  'day' as source_grain,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  link_clicks as clicks,
  _as_of as as_of
from source
where not _deleted
