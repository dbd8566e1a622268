/*
description: >-
  CRMs in which too many contacts are a person who is there already: of the same address, or joined by a phone, a user, or
  what else identifies people. One row per CRM.
grain: [subject]
tags: [data]
check:
  remedy: "Merge them in the CRM: `revops query \"select * from duplicate_contacts\"`; `revops explain person` says why they are one."
columns:
  subject: { type: text, description: CRM., tests: [not_null, unique] }
  day: { type: date, description: Day on which the latest duplicate was created; NULL where no time is known. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  contacts: { type: bigint, description: Contacts that are not deleted., tests: [not_null] }
  duplicates: { type: bigint, description: "Those that merging would leave out.", tests: [not_null] }
*/
with counted as (
  select source, count(*) as contacts
  from contacts
  where not is_deleted
  group by source
),

found as (
  select
    duplicate_contacts.source,
    count(*) as duplicates,
    max(local_date(duplicate_contacts.created_at, settings.time_zone)) as day
  from duplicate_contacts
  cross join settings
  group by duplicate_contacts.source
)

select
  counted.source as subject,
  found.day,
  'warning' as severity,
  cast(found.duplicates as text) || ' of ' || cast(counted.contacts as text) || ' contacts are people who are there already' as detail,
  counted.contacts,
  found.duplicates
from counted
cross join check_settings
inner join found
  on found.source = counted.source
where counted.contacts >= 20
  and found.duplicates > check_settings.most_duplicates * counted.contacts
