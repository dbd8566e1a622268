/*
description: >-
  The channel of each kind of traffic that was seen: the first of the project's own rules that matches, else the first of
  GA4's default channel group, else Unassigned. One row per kind of traffic.
grain: [traffic_key]
key: traffic_key
columns:
  traffic_key: { type: text, description: "Kind of traffic: source, medium, campaign, kind of click id and referrer.", tests: [not_null, unique] }
  source: { type: text, description: "Source, lower case; NULL where nothing tells." }
  medium: { type: text, description: "Medium, lower case; NULL where nothing tells." }
  campaign: { type: text, description: "Campaign, lower case; NULL where none." }
  click_id_type: { type: text, description: Kind of click id; NULL where none. }
  referrer_host: { type: text, description: Host of a referrer outside the site; NULL where none. }
  source_category: { type: text, description: "search, social, video or shopping where the source is in source_categories; else NULL." }
  channel: { type: text, description: "Channel; Unassigned where no rule matches.", tests: [not_null] }
  rule: { type: text, description: "The rule that decides: own/3, ga4-2026-05/4; NULL where none does." }
  is_own_rule: { type: boolean, description: Whether it is one of the project's own., tests: [not_null] }
tests: [portable_patterns]
*/
with traffic as (
  select traffic_key, source, medium, fold_case(campaign) as campaign, click_id_type, referrer_host
  from sessions

  union all

  select traffic_key, source, medium, fold_case(campaign), click_id_type, referrer_host
  from form_touches

  union all

  select traffic_key, fold_case(source), medium, fold_case(campaign), cast(null as text), cast(null as text)
  from campaign_touches

  union all

  select traffic_key, source, medium, cast(null as text), click_id_type, cast(null as text)
  from contact_clicks
),

kinds as (
  select distinct traffic_key, source, medium, campaign, click_id_type, referrer_host
  from traffic
),

categorised as (
  select
    kinds.*,
    coalesce(exact.category, named.category) as source_category
  from kinds
  left join source_categories as exact
    on exact.source = kinds.source
  left join source_categories as named
    on named.source = site_name(kinds.source)
),

rules as (
  select
    true as is_own_rule,
    'own' as version,
    rule,
    alternative,
    channel,
    source,
    medium,
    campaign,
    source_category,
    click_id_type,
    referrer
  from own_channel_rules

  union all

  select
    false,
    version,
    rule,
    alternative,
    channel,
    source,
    medium,
    campaign,
    source_category,
    click_id_type,
    referrer
  from channel_rules
),

matches as (
  select
    categorised.traffic_key,
    rules.channel,
    rules.version || '/' || cast(rules.rule as text) as rule,
    rules.is_own_rule,
    row_number() over (
      partition by categorised.traffic_key
      order by case when rules.is_own_rule then 0 else 1 end, rules.rule, rules.alternative
    ) as place
  from categorised
  inner join rules
    on (rules.source is null or matches_pattern(coalesce(categorised.source, ''), rules.source))
    and (rules.medium is null or matches_pattern(coalesce(categorised.medium, ''), rules.medium))
    and (rules.campaign is null or matches_pattern(coalesce(categorised.campaign, ''), rules.campaign))
    and (rules.referrer is null or matches_pattern(coalesce(categorised.referrer_host, ''), rules.referrer))
    and (rules.source_category is null or rules.source_category = categorised.source_category)
    and (rules.click_id_type is null or rules.click_id_type = categorised.click_id_type)
)

select
  categorised.traffic_key,
  categorised.source,
  categorised.medium,
  categorised.campaign,
  categorised.click_id_type,
  categorised.referrer_host,
  categorised.source_category,
  coalesce(matches.channel, 'Unassigned') as channel,
  matches.rule,
  coalesce(matches.is_own_rule, false) as is_own_rule
from categorised
left join matches
  on matches.traffic_key = categorised.traffic_key
  and matches.place = 1
