/*
description: >-
  Devices and clicks of several people: seen with two different contacts (clicks: of one CRM), users, e-mails or phones. They
  join nobody; what happened on a shared device goes to the next person identified on it. One row per identifier.
grain: [identifier]
key: { identifier: { click_owners: device, quarantined_identifiers: null } }
lookups:
  quarantined_identifiers: { identifier: identifier_links.other_identifier }
columns:
  identifier: { type: text, description: "The device, or the click.", tests: [not_null] }
  reason: { type: text, description: shared., tests: [not_null, { accepted_values: [shared] }] }
  people_seen: { type: bigint, description: "The most different values of one type: contacts, users, e-mails or phones.", tests: [not_null] }
*/
with seen_with as (
  select
    identifier_links.identifier,
    identifier_links.other_identifier
  from identifier_links
  left join quarantined_identifiers
    on quarantined_identifiers.identifier = identifier_links.other_identifier
  where split_part(identifier_links.identifier, ':', 1) in ('device', 'click')
    and quarantined_identifiers.identifier is null

  union

  -- a click that a contact carries tells whose its device is
  select device, contact
  from click_owners
  where device is not null
    and contact is not null
    and not is_shared
),

counted as (
  select
    identifier,
    count(*) as people_seen
  from seen_with
  where split_part(other_identifier, ':', 1) in ('contact', 'user', 'email', 'phone')
  group by
    identifier,
    split_part(other_identifier, ':', 1),
    -- each CRM stores the click on its own contact of a person
    case
      when starts_with(identifier, 'click:') and starts_with(other_identifier, 'contact:')
        then split_part(other_identifier, ':', 2)
    end
)

select
  identifier,
  'shared' as reason,
  max(people_seen) as people_seen
from counted
group by identifier
having max(people_seen) > 1
