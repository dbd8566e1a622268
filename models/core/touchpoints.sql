/*
description: >-
  What people did before they converted, as the CRM recorded it: the first visit of a contact and, where it is another
  one, the latest. A click id stored on the contact decides the channel of the visit it belongs to: the first, unless
  the CRM calls the first visit unpaid and the latest paid. A contact without a source and without a click id has no
  touchpoint. One row per touchpoint.
grain: [touchpoint_id]
key: person_id
lookups:
  ad_clicks_feed: { click_id: contacts.gclid }
  campaigns: { platform: ad_clicks_feed.platform, account_id: ad_clicks_feed.account_id, campaign_id: ad_clicks_feed.campaign_id }
columns:
  touchpoint_id: { type: text, description: "crm_first or crm_latest, source and contact id.", tests: [not_null, unique] }
  person_id: { type: text, description: Person., tests: [not_null] }
  platform: { type: text, description: Ad platform of the click; NULL where the click is not listed. }
  account_id: { type: text, description: Ad account of the click. }
  campaign_id: { type: text, description: Campaign of the click. }
  channel: { type: text, description: "Channel: by the campaign of the click; a stored click id that no platform lists is Paid Search; else by the CRM's source; Unassigned where that is unknown.", tests: [not_null] }
  source: { type: text, description: "Source of the visit: google where a gclid proves it; else NULL in this version." }
  medium: { type: text, description: "Medium of the visit: cpc where a gclid proves it; else NULL in this version." }
  campaign: { type: text, description: "Name of the campaign of the click, verbatim." }
  content: { type: text, description: Ad content; NULL in this version. }
  term: { type: text, description: Search term; NULL in this version. }
  click_id_type: { type: text, description: "gclid, or NULL." }
  click_id: { type: text, description: "The click id, verbatim." }
  crm_source: { type: text, description: "Source of the visit in the CRM's vocabulary." }
  landing_page: { type: text, description: First page of the visit; NULL for the latest visit. }
  referrer: { type: text, description: Referrer of the first page; NULL for the latest visit. }
  origin: { type: text, description: "ad_click where a click id decides, else crm_source.", tests: [not_null, { accepted_values: [ad_click, crm_source] }] }
  occurred_at: { type: timestamptz, description: "Time of the visit; for a first visit without one, the contact's creation.", tests: [not_null] }
*/
with visitors as (
  select
    contacts.source,
    contacts.contact_id,
    contacts.person_id,
    contacts.original_source,
    contacts.latest_source,
    contacts.first_page_url,
    contacts.first_referrer,
    contacts.gclid,
    coalesce(contacts.first_seen_at, contacts.created_at) as first_seen_at,
    contacts.latest_seen_at,
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

first_visits as (
  select
    'crm_first:' || source || ':' || contact_id as touchpoint_id,
    source,
    contact_id,
    person_id,
    case when clicked_visit = 'first' then gclid end as gclid,
    original_source as crm_source,
    first_page_url as landing_page,
    first_referrer as referrer,
    first_seen_at as occurred_at
  from visitors
  where (original_source is not null or clicked_visit = 'first') and first_seen_at is not null
),

latest_visits as (
  select
    'crm_latest:' || visitors.source || ':' || visitors.contact_id as touchpoint_id,
    visitors.source,
    visitors.contact_id,
    visitors.person_id,
    case when visitors.clicked_visit = 'latest' then visitors.gclid end as gclid,
    visitors.latest_source as crm_source,
    cast(null as text) as landing_page,
    cast(null as text) as referrer,
    visitors.latest_seen_at as occurred_at
  from visitors
  left join first_visits
    on first_visits.person_id = visitors.person_id
    and first_visits.contact_id = visitors.contact_id
    and first_visits.source = visitors.source
  where visitors.latest_source is not null
    and visitors.latest_seen_at is not null
    and (first_visits.occurred_at is null or first_visits.occurred_at <> visitors.latest_seen_at)
),

visits as (
  select * from first_visits
  union all
  select * from latest_visits
),

-- A click id is listed once per platform; should two platforms list it, the first by name has it.
listed_clicks as (
  select
    platform,
    account_id,
    campaign_id,
    click_id,
    row_number() over (partition by click_id order by byte_order(platform)) as preference
  from ad_clicks_feed
  where click_id_type = 'gclid'
)

select
  visits.touchpoint_id,
  visits.person_id,
  listed_clicks.platform,
  listed_clicks.account_id,
  listed_clicks.campaign_id,
  case
    when visits.gclid is not null then coalesce(campaigns.channel, 'Paid Search')
    else coalesce(channel_by_crm_source.channel, 'Unassigned')
  end as channel,
  case when visits.gclid is not null then 'google' end as source,
  case when visits.gclid is not null then 'cpc' end as medium,
  campaigns.campaign_name as campaign,
  cast(null as text) as content,
  cast(null as text) as term,
  case when visits.gclid is not null then 'gclid' end as click_id_type,
  visits.gclid as click_id,
  visits.crm_source,
  visits.landing_page,
  visits.referrer,
  case when visits.gclid is not null then 'ad_click' else 'crm_source' end as origin,
  visits.occurred_at
from visits
left join listed_clicks
  on listed_clicks.click_id = visits.gclid
  and listed_clicks.preference = 1
left join campaigns
  on campaigns.platform = listed_clicks.platform
  and campaigns.account_id = listed_clicks.account_id
  and campaigns.campaign_id = listed_clicks.campaign_id
left join channel_by_crm_source
  on channel_by_crm_source.crm_source = visits.crm_source
