/*
description: >-
  Sources of which more events of the last 28 days than `most_rejected` are none, beyond what chance makes of few (`proven_share`): without
  a name, a time, or anybody they could be of. They are in `event_copies` with the reason. One row per source.
grain: [subject]
tags: [data]
check:
  remedy: "Mend the sender; `revops query \"select source, source_event_id, rejected_because from event_copies where rejected_because is not null\"` names them, and the raw table has what was sent."
columns:
  subject: { type: text, description: System that reports the events., tests: [not_null, unique] }
  day: { type: date, description: Day of the latest one., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: "How many of how many, by reason.", tests: [not_null] }
  reported: { type: bigint, description: Events that the source reports., tests: [not_null] }
  rejected: { type: bigint, description: Those that are none., tests: [not_null] }
*/
with dated as (
  select
    event_copies.source,
    event_copies.rejected_because,
    local_date(coalesce(event_copies.received_at, event_copies.occurred_at, clock.now_at), settings.time_zone) as day
  from event_copies
  cross join settings
  cross join clock
),

counted as (
  select
    dated.source,
    max(dated.day) filter (where dated.rejected_because is not null) as day,
    count(*) as reported,
    count(dated.rejected_because) as rejected,
    count(*) filter (where dated.rejected_because = 'no_identifier') as no_identifier,
    count(*) filter (where dated.rejected_because = 'no_time') as no_time,
    count(*) filter (where dated.rejected_because = 'no_name') as no_name
  from dated
  cross join clock
  where dated.day > clock.today - 28
  group by dated.source
)

select
  counted.source as subject,
  counted.day,
  'warning' as severity,
  cast(counted.rejected as text) || ' of ' || cast(counted.reported as text) || ' events are none: '
    || cast(counted.no_identifier as text) || ' without an identifier, '
    || cast(counted.no_time as text) || ' without a time, '
    || cast(counted.no_name as text) || ' without a name' as detail,
  counted.reported,
  counted.rejected
from counted
cross join check_settings
where proven_share(counted.rejected, counted.reported) > check_settings.most_rejected
