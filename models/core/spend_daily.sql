/*
description: >-
  Ad spend by day, in the account's currency and in the project's. Segment rows (ad groups, ad sets) plus, where they
  do not make up the campaign's total, a row `unallocated` with the remainder: so the sum over a campaign is the
  campaign's total to the cent, and campaigns without segments (Performance Max) are counted. One row per platform,
  account, campaign, segment and day.
grain: [platform, account_id, campaign_id, segment_id, spend_date]
key: [platform, account_id, campaign_id, spend_date]
lookups:
  account_days: { platform: ad_spend_feed.platform, account_id: ad_spend_feed.account_id, spend_date: ad_spend_feed.spend_date }
  daily_rates: { rate_date: ad_spend_feed.spend_date, currency: ad_spend_feed.currency }
  campaign_channels: { platform: ad_spend_feed.platform, account_id: ad_spend_feed.account_id, campaign_id: ad_spend_feed.campaign_id }
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  segment_id: { type: text, description: "Ad group or ad set; unallocated: the campaign's total less its segments.", tests: [not_null] }
  account_name: { type: text, description: Name of the account. }
  account_time_zone: { type: text, description: "IANA zone in which the account's days begin." }
  campaign_name: { type: text, description: Name of the campaign as last seen. }
  campaign_type: { type: text, description: "Kind of campaign: search, performance_max, display, video, shopping, social, or other." }
  segment_name: { type: text, description: Name of the segment; NULL for the remainder. }
  channel: { type: text, description: "Channel of the campaign, as in `campaign_channels`; Unmapped where nothing tells it.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account. }
  source_grain: { type: text, description: "Grain in which the platform reports: day, week or month; spend_date is its first day.", tests: [not_null, { accepted_values: [day, week, month] }] }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency. Negative where the platform's segments exceed its total.", tests: [not_null] }
  spend_reporting: { type: 'decimal(18,6)', description: "Spend in the project's currency, at the last rate published by the row's own day; NULL where that rate is missing.", tests: [{ not_null: , severity: warning }] }
  impressions: { type: bigint, description: Impressions., tests: [not_null] }
  clicks: { type: bigint, description: Clicks., tests: [not_null] }
  is_final: { type: boolean, description: Whether the platform will not restate the day any more., tests: [not_null] }
  as_of: { type: timestamptz, description: "Since when these figures are what the platform reports: when they were loaded first, or when the source says; of a remainder the newest of its parts. Earlier ones are in the histories of the raw tables. NULL where it is not known." }
  spend_date: { type: date, description: "Day of delivery in the account's time zone, never shifted.", tests: [not_null] }
tests:
  - sum: { column: spend, equals: { relation: ad_spend_feed, column: spend, where: "spend_level = 'campaign'" } }
*/
with segments as (
  select
    platform,
    account_id,
    campaign_id,
    segment_id,
    account_name,
    account_time_zone,
    campaign_name,
    campaign_type,
    segment_name,
    currency,
    source_grain,
    spend,
    impressions,
    clicks,
    as_of,
    spend_date
  from ad_spend_feed
  where spend_level = 'segment'
),

remainders as (
  select
    platform,
    account_id,
    campaign_id,
    coalesce(max(account_name) filter (where spend_level = 'campaign'), max(account_name)) as account_name,
    coalesce(max(account_time_zone) filter (where spend_level = 'campaign'), max(account_time_zone)) as account_time_zone,
    coalesce(max(campaign_name) filter (where spend_level = 'campaign'), max(campaign_name)) as campaign_name,
    coalesce(max(campaign_type) filter (where spend_level = 'campaign'), max(campaign_type)) as campaign_type,
    coalesce(max(currency) filter (where spend_level = 'campaign'), max(currency)) as currency,
    coalesce(max(source_grain) filter (where spend_level = 'campaign'), max(source_grain)) as source_grain,
    coalesce(sum(case when spend_level = 'campaign' then spend else -spend end), 0) as spend,
    coalesce(sum(case when spend_level = 'campaign' then impressions else -impressions end), 0) as impressions,
    coalesce(sum(case when spend_level = 'campaign' then clicks else -clicks end), 0) as clicks,
    max(as_of) as as_of,
    count(*) filter (where spend_level = 'segment') as segments,
    spend_date
  from ad_spend_feed
  group by platform, account_id, campaign_id, spend_date
),

delivered as (
  select
    platform,
    account_id,
    campaign_id,
    segment_id,
    account_name,
    account_time_zone,
    campaign_name,
    campaign_type,
    segment_name,
    currency,
    source_grain,
    cast(coalesce(spend, 0) as decimal(18,6)) as spend,
    cast(coalesce(impressions, 0) as bigint) as impressions,
    cast(coalesce(clicks, 0) as bigint) as clicks,
    as_of,
    spend_date
  from segments

  union all

  select
    platform,
    account_id,
    campaign_id,
    'unallocated' as segment_id,
    account_name,
    account_time_zone,
    campaign_name,
    campaign_type,
    cast(null as text) as segment_name,
    currency,
    source_grain,
    cast(spend as decimal(18,6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    as_of,
    spend_date
  from remainders
  where segments = 0 or spend <> 0 or impressions <> 0 or clicks <> 0
)

select
  delivered.platform,
  delivered.account_id,
  delivered.campaign_id,
  delivered.segment_id,
  delivered.account_name,
  delivered.account_time_zone,
  delivered.campaign_name,
  delivered.campaign_type,
  delivered.segment_name,
  coalesce(campaign_channels.channel, 'Unmapped') as channel,
  delivered.currency,
  coalesce(delivered.source_grain, 'day') as source_grain,
  delivered.spend,
  cast(
    case
      when delivered.spend = 0 then 0
      when delivered.currency = settings.reporting_currency then delivered.spend
      else delivered.spend * daily_rates.rate
    end as decimal(18,6)
  ) as spend_reporting,
  delivered.impressions,
  delivered.clicks,
  coalesce(account_days.is_final, false) as is_final,
  delivered.as_of,
  delivered.spend_date
from delivered
cross join settings
left join campaign_channels
  on campaign_channels.platform = delivered.platform
  and campaign_channels.account_id = delivered.account_id
  and campaign_channels.campaign_id = delivered.campaign_id
left join daily_rates
  on daily_rates.rate_date = delivered.spend_date
  and daily_rates.currency = delivered.currency
left join account_days
  on account_days.platform = delivered.platform
  and account_days.account_id = delivered.account_id
  and account_days.source_grain = coalesce(delivered.source_grain, 'day')
  and account_days.spend_date = delivered.spend_date
