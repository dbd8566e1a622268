/*
description: >-
  Paid campaigns that ever delivered, with the channel their kind puts them in. One row per platform, account and
  campaign.
grain: [platform, account_id, campaign_id]
key: [platform, account_id, campaign_id]
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: "Name on the last day of delivery, verbatim." }
  campaign_type: { type: text, description: "Kind of campaign: search, performance_max, display, video, shopping, social, or other." }
  channel: { type: text, description: "Channel, by the kind of campaign.", tests: [not_null] }
  first_spend_date: { type: date, description: First day of delivery (account zone)., tests: [not_null] }
  last_spend_date: { type: date, description: Last day of delivery (account zone)., tests: [not_null] }
*/
with ranked_days as (
  select
    platform,
    account_id,
    campaign_id,
    campaign_name,
    campaign_type,
    channel,
    min(spend_date) over (partition by platform, account_id, campaign_id) as first_spend_date,
    spend_date as last_spend_date,
    row_number() over (
      partition by platform, account_id, campaign_id
      order by spend_date desc nulls last, byte_order(segment_id)
    ) as recency
  from spend_daily
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
from ranked_days
where recency = 1
