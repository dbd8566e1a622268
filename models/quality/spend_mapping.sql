/*
description: >-
  Platforms with ad spend of the last 90 days whose channel nobody knows (`campaign_channels`), where that is more than
  the allowed share of all ad spend: its CAC cannot be told, and that of other channels lacks it. One row per platform.
grain: [subject]
tags: [attribution]
check:
  gates: coverage
  remedy: "See `revops query \"select * from campaign_channels where channel = 'Unmapped'\"`, and say what they are in models/reference/own_campaign_channels.csv, or by kind in channel_by_campaign_type.csv."
columns:
  subject: { type: text, description: The platform., tests: [not_null, unique] }
  day: { type: date, description: Last day of such spend., tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: "How much, and the campaign with most of it.", tests: [not_null] }
  campaigns: { type: bigint, description: Campaigns without a channel., tests: [not_null] }
  unmapped_spend: { type: 'decimal(18,6)', description: "Their spend in the project's currency.", tests: [not_null] }
*/
with recent_campaigns as (
  select
    spend_daily.platform,
    spend_daily.account_id,
    spend_daily.campaign_id,
    spend_daily.channel = 'Unmapped' as is_unmapped,
    max(spend_daily.campaign_name) as campaign_name,
    sum(spend_daily.spend_reporting) as spend,
    max(spend_daily.spend_date) as last_day
  from spend_daily
  cross join clock
  where spend_daily.spend_date > clock.today - 90
    and spend_daily.spend_reporting <> 0
  group by
    spend_daily.platform,
    spend_daily.account_id,
    spend_daily.campaign_id,
    spend_daily.channel = 'Unmapped'
),

ranked as (
  select
    recent_campaigns.*,
    row_number() over (
      partition by platform, is_unmapped
      order by spend desc nulls last, byte_order(account_id), byte_order(campaign_id)
    ) as place
  from recent_campaigns
),

totals as (
  select
    sum(spend) as spend,
    sum(case when is_unmapped then spend else 0 end) as unmapped_spend
  from recent_campaigns
),

platforms as (
  select
    platform,
    count(*) as campaigns,
    sum(spend) as spend,
    max(case when place = 1 then coalesce('"' || campaign_name || '"', campaign_id) end) as largest,
    max(last_day) as last_day
  from ranked
  where is_unmapped
  group by platform
)

select
  platforms.platform as subject,
  platforms.last_day as day,
  'error' as severity,
  cast(platforms.campaigns as text)
    || case when platforms.campaigns = 1 then ' campaign without a channel spent ' else ' campaigns without a channel spent ' end
    || cast(cast(platforms.spend as decimal(18,2)) as text) || ' of ' || cast(cast(totals.spend as decimal(18,2)) as text)
    || ' in 90 days, most of it ' || platforms.largest as detail,
  platforms.campaigns,
  cast(platforms.spend as decimal(18,6)) as unmapped_spend
from platforms
cross join totals
cross join check_settings
where totals.unmapped_spend > check_settings.most_unmapped * totals.spend
