/*
description: >-
  Spend of LinkedIn Ads per campaign, which is the feed's segment: the parts of the groups' spend, beside it. One row
  per account, campaign group, campaign and day.
grain: [account_id, campaign_id, segment_id, spend_date]
source: linkedin-ads.campaign_days
reads:
  account_id: text
  account_name: text
  account_time_zone: text
  currency: text
  campaign_group_id: text
  campaign_group_name: text
  campaign_id: text
  campaign_name: text
  date: date
  spend: decimal(38,9)
  impressions: bigint
  clicks: bigint
  _as_of: timestamptz
  _deleted: boolean
feeds: ad_spend
columns:
  platform: { type: text, description: "Platform, as the connector is named: linkedin_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_name: { type: text, description: Name of the account. }
  account_time_zone: { type: text, description: "IANA zone in which the account's days begin: UTC.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign group., tests: [not_null] }
  campaign_name: { type: text, description: Name of the campaign group as last seen. }
  campaign_type: { type: text, description: "social.", tests: [not_null] }
  spend_level: { type: text, description: "segment: a part of the campaign group.", tests: [not_null] }
  segment_id: { type: text, description: "Campaign.", tests: [not_null] }
  segment_name: { type: text, description: "Name of the campaign." }
  spend_date: { type: date, description: "Day of delivery, UTC.", tests: [not_null] }
  source_grain: { type: text, description: "day.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: "Clicks, as the platform charges for them." }
  as_of: { type: timestamptz, description: "When these figures were loaded first." }
*/
select
  'linkedin_ads' as platform,
  account_id,
  account_name,
  account_time_zone,
  currency,
  campaign_group_id as campaign_id,
  campaign_group_name as campaign_name,
  'social' as campaign_type,
  'segment' as spend_level,
  campaign_id as segment_id,
  campaign_name as segment_name,
  date as spend_date,
  'day' as source_grain,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  clicks,
  _as_of as as_of
from source
where not _deleted
