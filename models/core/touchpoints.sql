/*
description: >-
  What people did before they converted: their web sessions, forms filled in elsewhere, responses to the CRM's campaigns, ad
  clicks that the CRM keeps and no session carries, and the visits that the CRM recorded before the first session that is
  known. One row per touchpoint.
grain: [touchpoint_id]
key: person_id
lookups:
  sessions: { session_id: event_people.event_id }
  form_touches: { event_id: event_people.event_id }
  campaign_touches: { source: contacts.source, contact_id: contacts.contact_id }
  traffic_channels:
    - { traffic_key: sessions.traffic_key }
    - { traffic_key: form_touches.traffic_key }
    - { traffic_key: campaign_touches.traffic_key }
    - { traffic_key: crm_touches.traffic_key }
  listed_clicks:
    - { click_id: sessions.click_id }
    - { click_id: form_touches.click_id }
    - { click_id: crm_touches.click_id }
  campaigns: { platform: listed_clicks.platform, account_id: listed_clicks.account_id, campaign_id: listed_clicks.campaign_id }
columns:
  touchpoint_id: { type: text, description: "web:, form:, crm_campaign:, ad_click:, crm_first: or crm_latest: and what it is of.", tests: [not_null, unique] }
  person_id: { type: text, description: Person., tests: [not_null] }
  platform: { type: text, description: Ad platform of the click; NULL where the click is not listed. }
  account_id: { type: text, description: Ad account of the click. }
  campaign_id: { type: text, description: Campaign of the click. }
  channel: { type: text, description: "Channel: by the project's own rule; else by the campaign of a listed click; else by GA4's rules; of a visit only the CRM knows, by its source there. Unassigned where none applies.", tests: [not_null] }
  channel_rule: { type: text, description: "What decides the channel: own/3, campaign, ga4-2026-05/4 or crm_source; NULL where nothing does." }
  source: { type: text, description: "Where the person came from, lower case; NULL where nothing tells." }
  medium: { type: text, description: "How, lower case; NULL where nothing tells." }
  campaign: { type: text, description: "Name of the campaign of the click, else of the link, in its own case of letters." }
  content: { type: text, description: "utm_content, verbatim." }
  term: { type: text, description: "utm_term, verbatim." }
  click_id_type: { type: text, description: "gclid, …; NULL where none." }
  click_id: { type: text, description: "The click id, verbatim." }
  crm_source: { type: text, description: "Source of the visit in the CRM's vocabulary." }
  landing_page: { type: text, description: First page of the visit. }
  referrer: { type: text, description: Referrer of the first page. }
  origin: { type: text, description: "web, form, crm_campaign, ad_click, or crm_source for a visit that only the CRM knows.", tests: [not_null, { accepted_values: [web, form, crm_campaign, ad_click, crm_source] }] }
  is_date_only: { type: boolean, description: Whether only the day is known., tests: [not_null] }
  occurred_at: { type: timestamptz, description: "Time of the touchpoint; where only the day is known, its beginning.", tests: [not_null] }
*/
with web_touches as (
  select
    'web:' || sessions.session_id as touchpoint_id,
    event_people.person_id,
    'web' as origin,
    sessions.source,
    sessions.medium,
    sessions.campaign,
    sessions.content,
    sessions.term,
    sessions.click_id_type,
    sessions.click_id,
    sessions.traffic_key,
    cast(null as text) as crm_source,
    sessions.landing_page,
    sessions.referrer,
    false as is_date_only,
    sessions.started_at as occurred_at
  from event_people
  inner join sessions
    on sessions.session_id = event_people.event_id
  where event_people.person_id is not null
),

form_fillings as (
  select
    'form:' || form_touches.event_id as touchpoint_id,
    event_people.person_id,
    'form' as origin,
    form_touches.source,
    form_touches.medium,
    form_touches.campaign,
    form_touches.content,
    form_touches.term,
    form_touches.click_id_type,
    form_touches.click_id,
    form_touches.traffic_key,
    cast(null as text) as crm_source,
    form_touches.landing_page,
    form_touches.referrer,
    false as is_date_only,
    form_touches.occurred_at
  from event_people
  inner join form_touches
    on form_touches.event_id = event_people.event_id
  where event_people.person_id is not null
),

campaign_responses as (
  select
    'crm_campaign:' || campaign_touches.source || ':' || campaign_touches.touch_id as touchpoint_id,
    contacts.person_id,
    'crm_campaign' as origin,
    fold_case(campaign_touches.source) as source,
    campaign_touches.medium,
    campaign_touches.campaign,
    cast(null as text) as content,
    cast(null as text) as term,
    cast(null as text) as click_id_type,
    cast(null as text) as click_id,
    campaign_touches.traffic_key,
    cast(null as text) as crm_source,
    cast(null as text) as landing_page,
    cast(null as text) as referrer,
    campaign_touches.is_date_only,
    campaign_touches.touched_at as occurred_at
  from contacts
  inner join campaign_touches
    on campaign_touches.source = contacts.source
    and campaign_touches.contact_id = contacts.contact_id
  where not contacts.is_deleted
),

known_to_crm as (
  select
    touchpoint_id,
    person_id,
    origin,
    source,
    medium,
    cast(null as text) as campaign,
    cast(null as text) as content,
    cast(null as text) as term,
    click_id_type,
    click_id,
    traffic_key,
    crm_source,
    landing_page,
    referrer,
    is_date_only,
    occurred_at
  from crm_touches
),

touches as (
  select * from web_touches
  union all
  select * from form_fillings
  union all
  select * from campaign_responses
  union all
  select * from known_to_crm
)

select
  touches.touchpoint_id,
  touches.person_id,
  listed_clicks.platform,
  listed_clicks.account_id,
  listed_clicks.campaign_id,
  case
    when traffic_channels.is_own_rule then traffic_channels.channel
    when campaigns.channel is not null then campaigns.channel
    when touches.traffic_key is not null then coalesce(traffic_channels.channel, 'Unassigned')
    else coalesce(channel_by_crm_source.channel, 'Unassigned')
  end as channel,
  case
    when traffic_channels.is_own_rule then traffic_channels.rule
    when campaigns.channel is not null then 'campaign'
    when touches.traffic_key is not null then traffic_channels.rule
    when channel_by_crm_source.channel is not null then 'crm_source'
  end as channel_rule,
  touches.source,
  touches.medium,
  coalesce(campaigns.campaign_name, touches.campaign) as campaign,
  touches.content,
  touches.term,
  touches.click_id_type,
  touches.click_id,
  touches.crm_source,
  touches.landing_page,
  touches.referrer,
  touches.origin,
  touches.is_date_only,
  touches.occurred_at
from touches
left join traffic_channels
  on traffic_channels.traffic_key = touches.traffic_key
left join listed_clicks
  on listed_clicks.click_id_type = touches.click_id_type
  and listed_clicks.click_id = touches.click_id
left join campaigns
  on campaigns.platform = listed_clicks.platform
  and campaigns.account_id = listed_clicks.account_id
  and campaigns.campaign_id = listed_clicks.campaign_id
left join channel_by_crm_source
  on channel_by_crm_source.crm_source = touches.crm_source
