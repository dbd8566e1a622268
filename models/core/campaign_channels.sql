/*
description: >-
  The channel that a paid campaign's spend counts for: by the first of the project's own rules that matches
  (`own_campaign_channels`), else by the kind of campaign (`channel_by_campaign_type`), else Unmapped: nothing is guessed.
  Name and kind are those that the platform told last. One row per platform, account and campaign.
grain: [platform, account_id, campaign_id]
key: [platform, account_id, campaign_id]
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: "Name, as told last." }
  campaign_type: { type: text, description: "Kind, as told last." }
  channel: { type: text, description: "Channel; Unmapped where neither a rule nor the kind tells it.", tests: [not_null] }
  rule: { type: text, description: "What decides: own/3, or campaign_type; NULL where nothing does." }
tests: [portable_campaign_patterns]
*/
with told as (
  select
    platform,
    account_id,
    campaign_id,
    campaign_name,
    campaign_type,
    max(spend_date) as last_date,
    bool_or(spend_level = 'campaign') as is_total
  from ad_spend_feed
  group by platform, account_id, campaign_id, campaign_name, campaign_type
),

ranked as (
  select
    told.*,
    row_number() over (
      partition by platform, account_id, campaign_id
      order by last_date desc nulls last, case when is_total then 0 else 1 end, byte_order(campaign_name), byte_order(campaign_type)
    ) as place
  from told
),

matches as (
  select
    ranked.platform,
    ranked.account_id,
    ranked.campaign_id,
    own_campaign_channels.channel,
    own_campaign_channels.rule,
    row_number() over (
      partition by ranked.platform, ranked.account_id, ranked.campaign_id
      order by own_campaign_channels.rule, own_campaign_channels.alternative
    ) as place
  from ranked
  inner join own_campaign_channels
    on (own_campaign_channels.platform is null or own_campaign_channels.platform = ranked.platform)
    and (own_campaign_channels.account_id is null or own_campaign_channels.account_id = ranked.account_id)
    and (own_campaign_channels.campaign_id is null or own_campaign_channels.campaign_id = ranked.campaign_id)
    and (own_campaign_channels.campaign_type is null or own_campaign_channels.campaign_type = ranked.campaign_type)
    and (
      own_campaign_channels.campaign_name is null
      or matches_pattern(coalesce(fold_case(tidy_text(ranked.campaign_name)), ''), own_campaign_channels.campaign_name)
    )
  where ranked.place = 1
)

select
  ranked.platform,
  ranked.account_id,
  ranked.campaign_id,
  ranked.campaign_name,
  ranked.campaign_type,
  coalesce(matches.channel, channel_by_campaign_type.channel, 'Unmapped') as channel,
  case
    when matches.channel is not null then 'own/' || cast(matches.rule as text)
    when channel_by_campaign_type.channel is not null then 'campaign_type'
  end as rule
from ranked
left join matches
  on matches.platform = ranked.platform
  and matches.account_id = ranked.account_id
  and matches.campaign_id = ranked.campaign_id
  and matches.place = 1
left join channel_by_campaign_type
  on channel_by_campaign_type.campaign_type = ranked.campaign_type
where ranked.place = 1
