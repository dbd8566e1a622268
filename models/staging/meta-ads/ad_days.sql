/*
description: >-
  Spend of Meta Ads per ad: below the ad sets, and in no feed, since there it would count twice. One row per account,
  ad and day.
grain: [account_id, ad_id, spend_date]
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
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: Ad set., tests: [not_null] }
  ad_id: { type: text, description: Id of the ad., tests: [not_null] }
  ad_name: { type: text, description: Name as last seen. }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: Clicks on links. }
*/
select
  account_id,
  currency,
  campaign_id,
  ad_set_id as segment_id,
  ad_id,
  ad_name,
  date as spend_date,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  link_clicks as clicks
from source
where not _deleted
