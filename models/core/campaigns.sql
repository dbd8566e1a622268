/*
description: >-
  Paid campaigns that ever delivered, with the channel that rules or their kind put them in. One row per platform, account and
  campaign.
grain: [platform, account_id, campaign_id]
key: [platform, account_id, campaign_id]
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: "Name on the last day of delivery, verbatim." }
  campaign_type: { type: text, description: "Kind of campaign: search, performance_max, display, video, shopping, social, or other." }
  channel: { type: text, description: "Channel, as in `campaign_channels`.", tests: [not_null] }
  first_spend_date: { type: date, description: First day of delivery (account zone)., tests: [not_null] }
  last_spend_date: { type: date, description: Last day of delivery (account zone)., tests: [not_null] }
*/
with spans as (
  select
    platform,
    account_id,
    campaign_id,
    min(spend_date) as first_spend_date,
    max(spend_date) as last_spend_date
  from spend_daily
  group by platform, account_id, campaign_id
),

-- Names and kinds are those of the last day, of its first segment.
last_days as (
  select
    spans.platform,
    spans.account_id,
    spans.campaign_id,
    spend_daily.campaign_name,
    spend_daily.campaign_type,
    spend_daily.channel,
    spans.first_spend_date,
    spans.last_spend_date,
    row_number() over (
      partition by spans.platform, spans.account_id, spans.campaign_id
      order by byte_order(spend_daily.segment_id)
    ) as preference
  from spans
  inner join spend_daily
    on spend_daily.platform = spans.platform
    and spend_daily.account_id = spans.account_id
    and spend_daily.campaign_id = spans.campaign_id
    and spend_daily.spend_date = spans.last_spend_date
)

select
  platform,
  account_id,
  campaign_id,
  campaign_name,
  campaign_type,
  channel,
  first_spend_date,
  last_spend_date
from last_days
where preference = 1
