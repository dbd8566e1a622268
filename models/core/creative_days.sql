/*
description: >-
  Ad spend per ad or creative and day, where the platform tells it, in the account's currency and in the project's: parts of
  `spend_daily`, which has all of it. One row per platform, account, segment, creative and day.
grain: [platform, account_id, segment_id, creative_id, spend_date]
key: [platform, account_id, creative_id, spend_date]
lookups:
  daily_rates: { rate_date: creative_spend_feed.spend_date, currency: creative_spend_feed.currency }
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: "Ad group or ad set, as in `spend_daily`: unallocated where there is none.", tests: [not_null] }
  creative_id: { type: text, description: Ad or creative., tests: [not_null] }
  creative_name: { type: text, description: Name as last seen. }
  currency: { type: text, description: ISO 4217 currency of the account. }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  spend_reporting: { type: 'decimal(18,6)', description: "Spend in the project's currency, as in `spend_daily`; NULL where the rate is missing." }
  impressions: { type: bigint, description: Impressions., tests: [not_null] }
  clicks: { type: bigint, description: Clicks., tests: [not_null] }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
tests:
  - sum: { column: spend, equals: { relation: creative_spend_feed, column: spend } }
*/
select
  creative_spend_feed.platform,
  creative_spend_feed.account_id,
  creative_spend_feed.campaign_id,
  coalesce(nullif(creative_spend_feed.segment_id, ''), 'unallocated') as segment_id,
  creative_spend_feed.creative_id,
  creative_spend_feed.creative_name,
  creative_spend_feed.currency,
  cast(coalesce(creative_spend_feed.spend, 0) as decimal(18,6)) as spend,
  cast(
    case
      when coalesce(creative_spend_feed.spend, 0) = 0 then 0
      when creative_spend_feed.currency = settings.reporting_currency then creative_spend_feed.spend
      else creative_spend_feed.spend * daily_rates.rate
    end as decimal(18,6)
  ) as spend_reporting,
  cast(coalesce(creative_spend_feed.impressions, 0) as bigint) as impressions,
  cast(coalesce(creative_spend_feed.clicks, 0) as bigint) as clicks,
  creative_spend_feed.spend_date
from creative_spend_feed
cross join settings
left join daily_rates
  on daily_rates.rate_date = creative_spend_feed.spend_date
  and daily_rates.currency = creative_spend_feed.currency
