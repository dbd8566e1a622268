/*
description: >-
  The visits that a CRM recorded of its contacts: the first one and, where it is another, the latest. The one click id that
  a CRM keeps is that of the first, unless it calls the first unpaid and the latest paid. Which of them are touchpoints:
  `crm_touches`. One row per visit, source and contact.
grain: [visit, source, contact_id]
key: [source, contact_id]
lookups:
  listed_clicks: { click_id: contacts.gclid }
columns:
  visit: { type: text, description: "crm_first or crm_latest.", tests: [not_null, { accepted_values: [crm_first, crm_latest] }] }
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  person_id: { type: text, description: Whose contact it is., tests: [not_null] }
  gclid: { type: text, description: "Click id of this visit, verbatim; NULL where none is known." }
  crm_source: { type: text, description: "Where it came from, in the CRM's vocabulary; NULL where only the click is known." }
  landing_page: { type: text, description: First page of the visit. }
  referrer: { type: text, description: Referrer of the first page. }
  is_date_only: { type: boolean, description: Whether only the day is known., tests: [not_null] }
  occurred_at: { type: timestamptz, description: "When the CRM saw it; else the day of the listed click; of the first visit else when the contact was created.", tests: [not_null] }
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

visits as (
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
)

select
  visits.visit,
  visits.source,
  visits.contact_id,
  visits.person_id,
  visits.gclid,
  visits.crm_source,
  visits.landing_page,
  visits.referrer,
  visits.seen_at is null and listed_clicks.clicked_at is not null as is_date_only,
  coalesce(visits.seen_at, listed_clicks.clicked_at, visits.created_at) as occurred_at
from visits
left join listed_clicks
  on listed_clicks.click_id_type = 'gclid'
  and listed_clicks.click_id = visits.gclid
where coalesce(visits.seen_at, listed_clicks.clicked_at, visits.created_at) is not null
