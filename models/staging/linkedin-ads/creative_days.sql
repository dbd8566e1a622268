/*
description: >-
  Spend of LinkedIn Ads per creative: the parts of the campaigns' spend. In no feed. One row per account, campaign,
  creative and day.
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
  landing_page_clicks: bigint
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account. }
  campaign_id: { type: text, description: Campaign group., tests: [not_null] }
  segment_id: { type: text, description: Campaign., tests: [not_null] }
  creative_id: { type: text, description: Creative., tests: [not_null] }
  spend_date: { type: date, description: "Day of delivery, UTC.", tests: [not_null] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  impressions: { type: bigint, description: Impressions. }
  clicks: { type: bigint, description: "Clicks, as the platform charges for them." }
  landing_page_clicks: { type: bigint, description: Clicks that led to the advertised page. }
*/
select
  account_id,
  currency,
  campaign_group_id as campaign_id,
  campaign_id as segment_id,
  creative_id,
  date as spend_date,
  cast(spend as decimal(18, 6)) as spend,
  impressions,
  clicks,
  landing_page_clicks
from source
where not _deleted
