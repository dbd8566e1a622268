/*
description: >-
  What became of every event that a source reports: which event it is a copy of, or why it is none. One action that two
  collectors report is one event, by the message id that its sender gave it; without one it is known by its source and
  its id there. One row per source and reported event.
grain: [source, source_event_id]
key: { source: null, source_event_id: { events_feed: event_id } }
columns:
  source: { type: text, description: System that reports the event., tests: [not_null] }
  source_event_id: { type: text, description: Id of the event in its source., tests: [not_null] }
  event_id: { type: text, description: "The event, as in `events`: its message id, else source and id there; NULL where it is rejected.", tests: [{ relationships: { to: events, column: event_id } }] }
  rejected_because: { type: text, description: "Why it is no event: no_name, no_time, no_identifier (none of anonymous id, user id, e-mail, phone); NULL where it is one.", tests: [{ accepted_values: [no_name, no_time, no_identifier] }] }
  occurred_at: { type: timestamptz, description: "When it happened, by the sender's clock." }
  received_at: { type: timestamptz, description: When the collector received it; NULL where that is not told. }
tests:
  - row_count: { equals: events_feed }
*/
with judged as (
  select
    source,
    event_id as source_event_id,
    case
      when tidy_text(event_name) is null then 'no_name'
      when occurred_at is null then 'no_time'
      when tidy_text(anonymous_id) is null
        and tidy_text(user_id) is null
        and tidy_text(email) is null
        and tidy_text(phone) is null
        then 'no_identifier'
    end as rejected_because,
    coalesce(tidy_text(message_id), source || ':' || event_id) as event_key,
    occurred_at,
    received_at
  from events_feed
)

select
  source,
  source_event_id,
  case when rejected_because is null then event_key end as event_id,
  rejected_because,
  occurred_at,
  received_at
from judged
