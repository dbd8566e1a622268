/*
description: >-
  Which identifiers were told by one event: each pair both ways round. One row per event and pair of identifiers.
grain: [event_id, identifier, other_identifier]
key: event_id
columns:
  event_id: { type: text, description: "Event, as in `events`.", tests: [not_null] }
  identifier: { type: text, description: An identifier., tests: [not_null] }
  other_identifier: { type: text, description: Another one that the event tells; NULL where there is none. }
  seen_at: { type: timestamptz, description: When the event happened., tests: [not_null] }
*/
with pairs as (
  select own.event_id, own.identifier, other.identifier as other_identifier
  from event_identifiers as own
  inner join event_identifiers as other
    on other.event_id = own.event_id
  where other.identifier <> own.identifier
    -- an address leads to its mailbox, and nothing else does
    and (other.identifier_type <> 'mailbox' or own.identifier_type = 'email')
    and (own.identifier_type <> 'mailbox' or other.identifier_type = 'email')
)

-- Apart, because an outer join with alternatives in its condition compares every row with every other.
select
  event_identifiers.event_id,
  event_identifiers.identifier,
  pairs.other_identifier,
  event_identifiers.occurred_at as seen_at
from event_identifiers
left join pairs
  on pairs.event_id = event_identifiers.event_id
  and pairs.identifier = event_identifiers.identifier
