/*
description: >-
  The visits that only a CRM knows: ad clicks that no session and no form of the person carries, once for each person, and
  visits that were before the person's first session. What the CRM saw since then is known from the sessions. One row per
  touchpoint.
grain: [touchpoint_id]
key: person_id
lookups:
  sessions: { session_id: event_people.event_id }
  form_touches: { event_id: event_people.event_id }
columns:
  touchpoint_id: { type: text, description: "ad_click:, crm_first: or crm_latest: and what it is of.", tests: [not_null, unique] }
  person_id: { type: text, description: Person., tests: [not_null] }
  origin: { type: text, description: "ad_click, or crm_source where the CRM keeps no click of it.", tests: [not_null, { accepted_values: [ad_click, crm_source] }] }
  source: { type: text, description: "Source that the click proves; NULL where there is none." }
  medium: { type: text, description: "Medium that the click proves; NULL where there is none." }
  click_id_type: { type: text, description: "gclid; NULL where there is none." }
  click_id: { type: text, description: "The click id, verbatim." }
  traffic_key: { type: text, description: "Kind of traffic, as in `traffic_channels`; NULL where there is no click." }
  crm_source: { type: text, description: "Where it came from, in the CRM's vocabulary." }
  landing_page: { type: text, description: First page of the visit. }
  referrer: { type: text, description: Referrer of the first page. }
  is_date_only: { type: boolean, description: Whether only the day is known., tests: [not_null] }
  occurred_at: { type: timestamptz, description: "Time of the visit, as in `crm_visits`.", tests: [not_null] }
*/
with first_sessions as (
  select event_people.person_id, min(sessions.started_at) as started_at
  from event_people
  inner join sessions
    on sessions.session_id = event_people.event_id
  where event_people.person_id is not null
  group by event_people.person_id
),

carried_clicks as (
  select event_people.person_id, sessions.click_id
  from event_people
  inner join sessions
    on sessions.session_id = event_people.event_id
  where event_people.person_id is not null and sessions.click_id_type = 'gclid'

  union

  select event_people.person_id, form_touches.click_id
  from event_people
  inner join form_touches
    on form_touches.event_id = event_people.event_id
  where event_people.person_id is not null and form_touches.click_id_type = 'gclid'
),

-- Two contacts of a person that keep the same click tell of one.
ranked_visits as (
  select
    crm_visits.*,
    row_number() over (
      partition by person_id, gclid
      order by occurred_at, byte_order(source), byte_order(contact_id)
    ) as telling
  from crm_visits
)

select
  case
    when contact_clicks.is_owner then 'ad_click:gclid:' || ranked_visits.gclid
    else ranked_visits.visit || ':' || ranked_visits.source || ':' || ranked_visits.contact_id
  end as touchpoint_id,
  ranked_visits.person_id,
  case when ranked_visits.gclid is not null then 'ad_click' else 'crm_source' end as origin,
  contact_clicks.source,
  contact_clicks.medium,
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
left join first_sessions
  on first_sessions.person_id = ranked_visits.person_id
where (ranked_visits.gclid is not null and ranked_visits.telling = 1 and carried_clicks.click_id is null)
  or (
    ranked_visits.gclid is null
    and (
      first_sessions.started_at is null
      or seconds_between(ranked_visits.occurred_at, first_sessions.started_at) > 60.0 * settings.session_timeout_minutes
    )
  )
