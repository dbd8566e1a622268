/*
description: >-
  Links that are not tagged as agreed, in the last 90 days: sources and mediums that no rule knows; parameters written in
  several ways; campaigns with clicks that led to no touchpoint in 30 days; paid touchpoints of no campaign that spends.
  One row per fault and value.
grain: [subject]
tags: [attribution]
check:
  remedy: "Correct the links' tags, or say what they mean in models/reference/own_channel_rules.csv; `revops query \"select * from traffic_channels\"` has every kind of traffic."
columns:
  subject: { type: text, description: The fault and the value., tests: [not_null, unique] }
  day: { type: date, description: Day it was last seen., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How often., tests: [not_null] }
*/
with recent_touches as (
  select
    touchpoints.touchpoint_id,
    touchpoints.channel,
    coalesce(touchpoints.source, '(not set)') as source,
    coalesce(touchpoints.medium, '(not set)') as medium,
    coalesce(fold_case(touchpoints.campaign), '(not set)') as campaign,
    touchpoints.origin,
    touchpoint_ads.platform,
    touchpoint_ads.campaign_id,
    local_date(touchpoints.occurred_at, settings.time_zone) as day
  from touchpoints
  cross join settings
  cross join clock
  left join touchpoint_ads
    on touchpoint_ads.touchpoint_id = touchpoints.touchpoint_id
  where local_date(touchpoints.occurred_at, settings.time_zone) > clock.today - 90
    and local_date(touchpoints.occurred_at, settings.time_zone) <= clock.today
),

unknown_traffic as (
  select
    'unknown: ' || source || ' / ' || medium as subject,
    max(day) as day,
    cast(count(*) as text) || ' touchpoints with a source and medium that no rule gives a channel' as detail,
    count(*) as touches
  from recent_touches
  where channel = 'Unassigned'
    and origin in ('web', 'form')
  group by source, medium
),

tags as (
  select 'utm_source' as parameter, utm_source as written, occurred_at
  from events
  where utm_source is not null

  union all

  select 'utm_medium', utm_medium, occurred_at
  from events
  where utm_medium is not null

  union all

  select 'utm_campaign', utm_campaign, occurred_at
  from events
  where utm_campaign is not null
),

written_tags as (
  select
    tags.parameter,
    fold_case(tidy_text(tags.written)) as meant,
    tags.written,
    max(local_date(tags.occurred_at, settings.time_zone)) as day
  from tags
  cross join settings
  cross join clock
  where local_date(tags.occurred_at, settings.time_zone) > clock.today - 90
    and local_date(tags.occurred_at, settings.time_zone) <= clock.today
    and tidy_text(tags.written) is not null
  group by tags.parameter, fold_case(tidy_text(tags.written)), tags.written
),

mixed_tags as (
  select
    'mixed: ' || parameter || ' ' || meant as subject,
    max(day) as day,
    'written in ' || cast(count(*) as text) || ' ways: ' || string_agg('"' || written || '"', ', ' order by byte_order(written)) as detail
  from written_tags
  group by parameter, meant
  having count(*) > 1
),

-- Thirty complete days; a day later than that may not have its touchpoints yet.
clicked_campaigns as (
  select
    spend_daily.platform,
    spend_daily.campaign_id,
    max(spend_daily.campaign_name) as campaign_name,
    sum(spend_daily.clicks) as clicks,
    max(spend_daily.spend_date) as day
  from spend_daily
  cross join clock
  where spend_daily.spend_date >= clock.today - 31
    and spend_daily.spend_date < clock.today - 1
  group by spend_daily.platform, spend_daily.campaign_id
),

touched_campaigns as (
  select distinct recent_touches.platform, recent_touches.campaign_id
  from recent_touches
  cross join clock
  where recent_touches.campaign_id is not null
    and recent_touches.day >= clock.today - 31
),

untouched_campaigns as (
  select
    'untouched: ' || clicked_campaigns.platform || ' ' || clicked_campaigns.campaign_id as subject,
    clicked_campaigns.day,
    cast(cast(clicked_campaigns.clicks as bigint) as text) || ' clicks of '
      || coalesce('"' || clicked_campaigns.campaign_name || '"', 'the campaign') || ' in 30 days, and no touchpoint' as detail
  from clicked_campaigns
  cross join check_settings
  left join touched_campaigns
    on touched_campaigns.platform = clicked_campaigns.platform
    and touched_campaigns.campaign_id = clicked_campaigns.campaign_id
  where touched_campaigns.campaign_id is null
    and clicked_campaigns.clicks >= check_settings.untouched_clicks
),

paid_channels as (
  select channel
  from channel_by_campaign_type

  union

  select channel
  from own_campaign_channels

  union

  select 'Paid Other' as channel
),

unspent_touches as (
  select
    'unspent: ' || recent_touches.source || ' / ' || recent_touches.medium || ' / ' || recent_touches.campaign as subject,
    max(recent_touches.day) as day,
    cast(count(*) as text) || ' paid touchpoints of no campaign that is known to spend' as detail,
    count(*) as touches
  from recent_touches
  inner join paid_channels
    on paid_channels.channel = recent_touches.channel
  where recent_touches.campaign_id is null
    and recent_touches.origin in ('web', 'form')
  group by recent_touches.source, recent_touches.medium, recent_touches.campaign
)

select unknown_traffic.subject, unknown_traffic.day, 'warning' as severity, unknown_traffic.detail
from unknown_traffic
cross join check_settings
where unknown_traffic.touches >= check_settings.least_touches

union all

select subject, day, 'warning', detail
from mixed_tags

union all

select subject, day, 'warning', detail
from untouched_campaigns

union all

select unspent_touches.subject, unspent_touches.day, 'warning', unspent_touches.detail
from unspent_touches
cross join check_settings
where unspent_touches.touches >= check_settings.least_touches
