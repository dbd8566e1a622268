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
    - { traffic_key: contact_clicks.traffic_key }
  ad_clicks_feed:
    - { click_id: contacts.gclid }
    - { click_id: sessions.click_id }
    - { click_id: form_touches.click_id }
  campaigns: { platform: ad_clicks_feed.platform, account_id: ad_clicks_feed.account_id, campaign_id: ad_clicks_feed.campaign_id }
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

visitors as (
  select
    contacts.source,
    contacts.contact_id,
    contacts.person_id,
    contacts.original_source,
    contacts.latest_source,
    contacts.first_page_url,
    contacts.first_referrer,
    contacts.gclid,
    contacts.first_seen_at,
    contacts.latest_seen_at,
    contacts.created_at,
    -- The CRM keeps one click id without saying of which visit it is.
    case
      when contacts.gclid is null then 'none'
      when contacts.latest_seen_at is not null
        and coalesce(latest_sources.is_paid, false)
        and contacts.original_source is not null
        and not coalesce(original_sources.is_paid, false)
        then 'latest'
      else 'first'
    end as clicked_visit
  from contacts
  left join channel_by_crm_source as original_sources
    on original_sources.crm_source = contacts.original_source
  left join channel_by_crm_source as latest_sources
    on latest_sources.crm_source = contacts.latest_source
  where not contacts.is_deleted
),

campaign_responses as (
  select
    'crm_campaign:' || campaign_touches.source || ':' || campaign_touches.touch_id as touchpoint_id,
    visitors.person_id,
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
  from visitors
  inner join campaign_touches
    on campaign_touches.source = visitors.source
    and campaign_touches.contact_id = visitors.contact_id
),

-- A click id is listed once per platform; should two platforms list it, the first by name has it.
listed_clicks as (
  select
    ad_clicks_feed.platform,
    ad_clicks_feed.account_id,
    ad_clicks_feed.campaign_id,
    ad_clicks_feed.click_id_type,
    ad_clicks_feed.click_id,
    day_start(ad_clicks_feed.click_date, coalesce(ad_clicks_feed.account_time_zone, settings.time_zone)) as clicked_at,
    row_number() over (
      partition by ad_clicks_feed.click_id_type, ad_clicks_feed.click_id
      order by byte_order(ad_clicks_feed.platform)
    ) as preference
  from ad_clicks_feed
  cross join settings
),

crm_visits as (
  select
    'crm_first' as visit,
    source,
    contact_id,
    person_id,
    case when clicked_visit = 'first' then gclid end as gclid,
    original_source as crm_source,
    first_page_url as landing_page,
    first_referrer as referrer,
    first_seen_at as seen_at,
    created_at
  from visitors
  where original_source is not null or clicked_visit = 'first'

  union all

  select
    'crm_latest',
    source,
    contact_id,
    person_id,
    case when clicked_visit = 'latest' then gclid end,
    latest_source,
    cast(null as text),
    cast(null as text),
    latest_seen_at,
    cast(null as timestamptz)
  from visitors
  where latest_source is not null
    and latest_seen_at is not null
    -- the same visit again is none
    and (
      (original_source is null and clicked_visit <> 'first')
      or coalesce(first_seen_at, created_at) is null
      or coalesce(first_seen_at, created_at) <> latest_seen_at
    )
),

timed_visits as (
  select
    crm_visits.visit,
    crm_visits.source,
    crm_visits.contact_id,
    crm_visits.person_id,
    crm_visits.gclid,
    crm_visits.crm_source,
    crm_visits.landing_page,
    crm_visits.referrer,
    crm_visits.seen_at is null and listed_clicks.clicked_at is not null as is_date_only,
    coalesce(crm_visits.seen_at, listed_clicks.clicked_at, crm_visits.created_at) as occurred_at
  from crm_visits
  left join listed_clicks
    on listed_clicks.click_id_type = 'gclid'
    and listed_clicks.click_id = crm_visits.gclid
    and listed_clicks.preference = 1
),

-- Two contacts of a person that keep the same click tell of one.
ranked_visits as (
  select
    timed_visits.*,
    row_number() over (
      partition by person_id, gclid
      order by occurred_at, byte_order(source), byte_order(contact_id)
    ) as telling
  from timed_visits
  where occurred_at is not null
),

first_web_touches as (
  select person_id, min(occurred_at) as occurred_at
  from web_touches
  group by person_id
),

carried_clicks as (
  select person_id, click_id
  from web_touches
  where click_id_type = 'gclid'

  union

  select person_id, click_id
  from form_fillings
  where click_id_type = 'gclid'
),

crm_touches as (
  select
    case
      when contact_clicks.is_owner then 'ad_click:gclid:' || ranked_visits.gclid
      else ranked_visits.visit || ':' || ranked_visits.source || ':' || ranked_visits.contact_id
    end as touchpoint_id,
    ranked_visits.person_id,
    case when ranked_visits.gclid is not null then 'ad_click' else 'crm_source' end as origin,
    contact_clicks.source,
    contact_clicks.medium,
    cast(null as text) as campaign,
    cast(null as text) as content,
    cast(null as text) as term,
    contact_clicks.click_id_type,
    ranked_visits.gclid as click_id,
    contact_clicks.traffic_key,
    ranked_visits.crm_source,
    ranked_visits.landing_page,
    ranked_visits.referrer,
    ranked_visits.is_date_only,
    ranked_visits.occurred_at
  from ranked_visits
  cross join settings
  left join contact_clicks
    on contact_clicks.click_id = ranked_visits.gclid
    and contact_clicks.person_id = ranked_visits.person_id
  left join carried_clicks
    on carried_clicks.person_id = ranked_visits.person_id
    and carried_clicks.click_id = ranked_visits.gclid
  left join first_web_touches
    on first_web_touches.person_id = ranked_visits.person_id
  where (ranked_visits.gclid is not null and ranked_visits.telling = 1 and carried_clicks.click_id is null)
    -- what the CRM saw since the first session is known from the sessions
    or (
      ranked_visits.gclid is null
      and (
        first_web_touches.occurred_at is null
        or seconds_between(ranked_visits.occurred_at, first_web_touches.occurred_at)
          > 60.0 * settings.session_timeout_minutes
      )
    )
),

touches as (
  select * from web_touches
  union all
  select * from form_fillings
  union all
  select * from campaign_responses
  union all
  select * from crm_touches
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
  and listed_clicks.preference = 1
left join campaigns
  on campaigns.platform = listed_clicks.platform
  and campaigns.account_id = listed_clicks.account_id
  and campaigns.campaign_id = listed_clicks.campaign_id
left join channel_by_crm_source
  on channel_by_crm_source.crm_source = touches.crm_source
