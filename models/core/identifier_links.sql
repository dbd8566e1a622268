/*
description: >-
  The evidence that two identifiers belong together, whatever becomes of it: each pair both ways round, with the record
  that told it first. One row per identifier and the one it was seen with.
grain: [identifier, other_identifier]
key: identifier
columns:
  identifier: { type: text, description: "An identifier, with its type.", tests: [not_null] }
  other_identifier: { type: text, description: "The one it was seen with; NULL where it was seen alone." }
  evidence: { type: text, description: "What told it first: contact, event or device.", tests: [not_null] }
  evidence_id: { type: text, description: "Which one: source and id of the contact, id of the event.", tests: [not_null] }
  records: { type: bigint, description: Contacts and events that tell it., tests: [not_null] }
  first_seen_at: { type: timestamptz, description: When that was first told. }
  last_seen_at: { type: timestamptz, description: When it was told last. }
*/
with told as (
  select
    identifier,
    other_identifier,
    'contact' as evidence,
    source || ':' || contact_id as evidence_id,
    1 as records,
    seen_at,
    seen_at as last_seen_at
  from contact_links

  union all

  select identifier, other_identifier, 'event', event_id, 1, seen_at, seen_at
  from event_links

  union all

  select identifier, cast(null as text), 'device', anonymous_id, 0, first_seen_at, last_seen_at
  from devices
),

ranked as (
  select
    identifier,
    other_identifier,
    evidence,
    evidence_id,
    records,
    seen_at,
    last_seen_at,
    row_number() over (
      partition by identifier, other_identifier
      order by seen_at nulls last, byte_order(evidence), byte_order(evidence_id)
    ) as place
  from told
)

select
  identifier,
  other_identifier,
  max(case when place = 1 then evidence end) as evidence,
  max(case when place = 1 then evidence_id end) as evidence_id,
  cast(sum(records) as bigint) as records,
  min(seen_at) as first_seen_at,
  max(last_seen_at) as last_seen_at
from ranked
group by identifier, other_identifier
