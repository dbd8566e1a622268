/*
description: >-
  Who used a device of several people when: until somebody is identified on it, all since the identification before is that
  person's, and what comes after the last one too. One row per device and identification.
grain: [identifier, until_at]
key: { identifier: { identity: null, click_owners: null } }
lookups:
  click_owners: { identifier: event_links.other_identifier }
  identity: [{ node: event_links.other_identifier }, { node: click_owners.contact }]
columns:
  identifier: { type: text, description: The device., tests: [not_null] }
  after_at: { type: timestamptz, description: The identification before; NULL for the first. }
  until_at: { type: timestamptz, description: "The identification: events up to it, itself included, are the person's.", tests: [not_null] }
  is_last: { type: boolean, description: Whether events after it are this person's too., tests: [not_null] }
  person_id: { type: text, description: The person identified., tests: [not_null] }
*/
with identified as (
  select
    event_links.identifier,
    event_links.seen_at,
    identity.component as person_id,
    row_number() over (
      partition by event_links.identifier, event_links.seen_at
      order by
        case split_part(event_links.other_identifier, ':', 1)
          when 'user' then 1 when 'email' then 2 when 'phone' then 3 else 4
        end,
        byte_order(event_links.event_id),
        byte_order(event_links.other_identifier)
    ) as place
  from event_links
  inner join shared_identifiers
    on shared_identifiers.identifier = event_links.identifier
  left join click_owners
    on click_owners.identifier = event_links.other_identifier
    and click_owners.device = event_links.identifier
    and not click_owners.is_shared
  inner join identity
    on identity.node = coalesce(click_owners.contact, event_links.other_identifier)
  where starts_with(event_links.identifier, 'device:')
    and (
      split_part(event_links.other_identifier, ':', 1) in ('user', 'email', 'phone')
      or click_owners.contact is not null
    )
)

select
  identifier,
  lag(seen_at) over (partition by identifier order by seen_at) as after_at,
  seen_at as until_at,
  lead(seen_at) over (partition by identifier order by seen_at) is null as is_last,
  person_id
from identified
where place = 1
