/*
description: >-
  Whose an event is: the person of the strongest identifier it tells; else of its device; on a shared device the next person
  identified on it. Where it is nobody's, the reason. One row per event.
grain: [event_id]
key: event_id
lookups:
  devices: { anonymous_id: events.anonymous_id }
  shared_device_spans: { identifier: devices.identifier }
  identity: [{ node: event_identifiers.identifier }, { node: devices.identifier }]
columns:
  event_id: { type: text, description: "Event, as in `events`.", tests: [not_null, unique] }
  person_id: { type: text, description: "Person, as in `people`; NULL where a reason is given." }
  rule: { type: text, description: "What told it: own (an identifier of the event), device, or next_on_device; NULL where nobody is known.", tests: [{ accepted_values: [own, device, next_on_device] }] }
  reason: { type: text, description: "Why it is nobody's: unusable (all it tells is quarantined, shared or no identifier) or shared_device (nobody was ever identified there).", tests: [{ accepted_values: [unusable, shared_device] }] }
  occurred_at: { type: timestamptz, description: When it happened., tests: [not_null] }
tests:
  - expression: "(person_id is null) = (reason is not null)"
*/
with own_people as (
  select
    event_identifiers.event_id,
    identity.component as person_id,
    row_number() over (
      partition by event_identifiers.event_id
      order by event_identifiers.strength, byte_order(event_identifiers.identifier)
    ) as place
  from event_identifiers
  inner join identity
    on identity.node = event_identifiers.identifier
  where event_identifiers.identifier_type in ('user', 'email', 'phone')
),

-- Apart, because an outer join with alternatives in its condition compares every row with every other.
events_in_spans as (
  select events.event_id, shared_device_spans.person_id
  from events
  inner join devices
    on devices.anonymous_id = events.anonymous_id
  inner join shared_device_spans
    on shared_device_spans.identifier = devices.identifier
  where (shared_device_spans.after_at is null or events.occurred_at > shared_device_spans.after_at)
    and (shared_device_spans.is_last or events.occurred_at <= shared_device_spans.until_at)
),

found as (
  select
    events.event_id,
    events.occurred_at,
    devices.identifier as device,
    own_people.person_id as own_person,
    device_identity.component as device_person,
    events_in_spans.person_id as next_person
  from events
  left join own_people
    on own_people.event_id = events.event_id
    and own_people.place = 1
  left join devices
    on devices.anonymous_id = events.anonymous_id
  left join identity as device_identity
    on device_identity.node = devices.identifier
  left join events_in_spans
    on events_in_spans.event_id = events.event_id
)

select
  event_id,
  coalesce(own_person, device_person, next_person) as person_id,
  case
    when own_person is not null then 'own'
    when device_person is not null then 'device'
    when next_person is not null then 'next_on_device'
  end as rule,
  case
    when coalesce(own_person, device_person, next_person) is not null then null
    when device is null then 'unusable'
    else 'shared_device'
  end as reason,
  occurred_at
from found
