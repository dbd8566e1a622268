/*
description: Devices and browsers as trackers tell them apart. One row per anonymous id.
grain: [anonymous_id]
key: anonymous_id
columns:
  anonymous_id: { type: text, description: "The id that a tracker keeps on the device.", tests: [not_null] }
  identifier: { type: text, description: "device: and that id.", tests: [not_null] }
  events: { type: bigint, description: Number of events on it., tests: [not_null] }
  first_seen_at: { type: timestamptz, description: Its first event., tests: [not_null] }
  last_seen_at: { type: timestamptz, description: Its latest event., tests: [not_null] }
*/
select
  events.anonymous_id,
  'device:' || events.anonymous_id as identifier,
  count(*) as events,
  min(events.occurred_at) as first_seen_at,
  max(events.occurred_at) as last_seen_at
from events
left join null_like_values
  on null_like_values.value = lower(events.anonymous_id)
where events.anonymous_id is not null
  and null_like_values.value is null
group by events.anonymous_id
