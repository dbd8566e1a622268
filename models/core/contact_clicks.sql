/*
description: >-
  Ad clicks whose id the CRM keeps on contacts that are there, by person. A click has one owner: the person of the contact
  that was created first. One row per click id and person.
grain: [click_id, person_id]
key: { click_id: { contacts: gclid } }
columns:
  click_id: { type: text, description: "The click id, verbatim.", tests: [not_null] }
  person_id: { type: text, description: Person., tests: [not_null] }
  click_id_type: { type: text, description: gclid., tests: [not_null] }
  source: { type: text, description: "Source that the click proves: google.", tests: [not_null] }
  medium: { type: text, description: "Medium that the click proves: cpc.", tests: [not_null] }
  traffic_key: { type: text, description: "Kind of traffic, as in `traffic_channels`.", tests: [not_null] }
  is_owner: { type: boolean, description: Whether the click is this person's., tests: [not_null] }
*/
with ranked_contacts as (
  select
    gclid,
    person_id,
    row_number() over (
      partition by gclid
      order by created_at nulls last, byte_order(source), byte_order(contact_id)
    ) as place
  from contacts
  where gclid is not null and not is_deleted
)

select
  gclid as click_id,
  person_id,
  'gclid' as click_id_type,
  'google' as source,
  'cpc' as medium,
  traffic_key('google', 'cpc', null, 'gclid', null) as traffic_key,
  min(place) = 1 as is_owner
from ranked_contacts
group by gclid, person_id
