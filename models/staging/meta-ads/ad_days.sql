/*
description: >-
  Spend of Meta Ads per ad: parts of the ad sets' spend. One row per account, ad and day.
grain: [account_id, creative_id, spend_date]
source: meta-ads.ad_days
reads:
  account_id: text
  currency: text
  campaign_id: text
  ad_set_id: text
  ad_id: text
  ad_name: text
  date: date
  spend: decimal(38,9)
  impressions: bigint
  link_clicks: bigint
  _deleted: boolean
feeds: creative_spend
columns:
  platform: { type: text, description: "Platform, as the connector is named: meta_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: Ad set., tests: [not_null] }
  creative_id: { type: text, description: Id of the ad., tests: [not_null] }
  creative_name: { type: text, description: Name as last seen. }
  currency: { type: text, description: ISO 4217 currency of the account., tests: [not_null] }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: Clicks on links. }
*/
select
  'meta_ads' as platform,
  account_id,
  campaign_id,
  ad_set_id as segment_id,
  ad_id as creative_id,
  ad_name as creative_name,
  currency,
  date as spend_date,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  link_clicks as clicks
from source
where not _deleted
