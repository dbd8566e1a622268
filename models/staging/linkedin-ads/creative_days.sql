/*
description: >-
  Spend of LinkedIn Ads per creative: the parts of the campaigns' spend. Names are in `linkedin_ads_creatives`. One row per
  account, creative and day.
grain: [account_id, segment_id, creative_id, spend_date]
source: linkedin-ads.creative_days
reads:
  account_id: text
  currency: text
  campaign_group_id: text
  campaign_id: text
  creative_id: text
  date: date
  spend: decimal(38,9)
  impressions: bigint
  clicks: bigint
  _deleted: boolean
feeds: creative_spend
columns:
  platform: { type: text, description: "Platform, as the connector is named: linkedin_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign group., tests: [not_null] }
  segment_id: { type: text, description: Campaign., tests: [not_null] }
  creative_id: { type: text, description: Creative., tests: [not_null] }
  creative_name: { type: text, description: NULL. }
  currency: { type: text, description: ISO 4217 currency of the account. }
  spend_date: { type: date, description: "Day of delivery, UTC.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: "Clicks, as the platform charges for them." }
*/
select
  'linkedin_ads' as platform,
  account_id,
  campaign_group_id as campaign_id,
  campaign_id as segment_id,
  creative_id,
  cast(null as text) as creative_name,
  currency,
  date as spend_date,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  clicks
from source
where not _deleted
