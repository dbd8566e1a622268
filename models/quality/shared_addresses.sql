/*
description: >-
  E-mail addresses and phones that more devices, contacts and users gave in the last 30 days than one person has: the inbox
  of an agency, a placeholder that a form fills in. Until it is quarantined it makes one person of strangers. One row per
  address, by its key.
grain: [subject]
tags: [data]
check:
  remedy: "See who gave it: `revops query \"select * from identifier_links where identifier like '…%'\"`; deny it in models/reference/denied_identifiers.csv (docs/identity.md), and have the form ask for an address of one's own."
columns:
  subject: { type: text, description: "Type and the first of its key.", tests: [not_null, unique] }
  day: { type: date, description: Day it was given last., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: "By how many, and what becomes of it.", tests: [not_null] }
  others: { type: bigint, description: "Devices, contacts and users.", tests: [not_null] }
*/
with given_by as (
  select
    identifier_links.identifier,
    count(*) as others,
    max(local_date(identifier_links.last_seen_at, settings.time_zone)) as day
  from identifier_links
  cross join settings
  cross join clock
  where split_part(identifier_links.identifier, ':', 1) in ('email', 'phone')
    and split_part(identifier_links.other_identifier, ':', 1) in ('device', 'contact', 'user')
    and local_date(identifier_links.first_seen_at, settings.time_zone) > clock.today - 30
    and identifier_links.last_seen_at <= clock.now_at
  group by identifier_links.identifier
)

select
  substr(given_by.identifier, 1, 22) as subject,
  given_by.day,
  'warning' as severity,
  'given by ' || cast(given_by.others as text) || ' devices, contacts and users in 30 days; '
    || case when identifiers.person_id is null then 'it joins nobody' else 'they are one person now' end as detail,
  given_by.others
from given_by
cross join check_settings
inner join identifiers
  on identifiers.identifier = given_by.identifier
where given_by.others > check_settings.most_givers
  and coalesce(identifiers.reason, '') not in ('denied', 'role_address', 'test_domain')
