/*
description: >-
  CRMs in which too many contacts are a person who is there already: joined by an e-mail address, a phone, a user, or what
  else identifies people. One row per CRM.
grain: [subject]
check:
  remedy: "Merge them in the CRM: `revops query \"select person_id, count(*) from contacts where not is_deleted group by person_id having count(*) > 1\"`; `revops explain person` says why they are one."
columns:
  subject: { type: text, description: CRM., tests: [not_null, unique] }
  day: { type: date, description: Day on which the latest duplicate was created; NULL where no time is known. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  contacts: { type: bigint, description: Contacts that are not deleted., tests: [not_null] }
  duplicates: { type: bigint, description: "Contacts less people: what merging would leave out.", tests: [not_null] }
*/
with ranked as (
  select
    source,
    created_at,
    row_number() over (partition by source, person_id order by created_at nulls first, byte_order(contact_id)) as place
  from contacts
  where not is_deleted
),

counted as (
  select
    ranked.source,
    count(*) as contacts,
    count(*) filter (where ranked.place > 1) as duplicates,
    max(local_date(ranked.created_at, settings.time_zone)) filter (where ranked.place > 1) as day
  from ranked
  cross join settings
  group by ranked.source
)

select
  counted.source as subject,
  counted.day,
  'warning' as severity,
  cast(counted.duplicates as text) || ' of ' || cast(counted.contacts as text) || ' contacts are people who are there already' as detail,
  counted.contacts,
  counted.duplicates
from counted
cross join check_settings
where counted.contacts >= 20
  and counted.duplicates > check_settings.most_duplicates * counted.contacts
