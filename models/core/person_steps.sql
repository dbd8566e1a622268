/*
description: >-
  How often each person went from one channel to another, over all of their touchpoints: from (start) into the first, out
  of the last to (end). Touchpoints of one channel in a row count as one. One row per person and step.
grain: [person_id, from_channel, to_channel]
key: person_id
columns:
  person_id: { type: text, description: Person., tests: [not_null] }
  from_channel: { type: text, description: "Channel, or (start).", tests: [not_null] }
  to_channel: { type: text, description: "Channel, or (end).", tests: [not_null] }
  steps: { type: bigint, description: How often., tests: [not_null] }
*/
with ordered as (
  select
    person_id,
    channel,
    lag(channel) over (partition by person_id order by occurred_at, byte_order(touchpoint_id)) as previous_channel,
    lead(channel) over (partition by person_id order by occurred_at, byte_order(touchpoint_id)) as next_channel
  from touchpoints
),

steps as (
  select person_id, coalesce(previous_channel, '(start)') as from_channel, channel as to_channel
  from ordered
  where previous_channel is null or previous_channel <> channel

  union all

  select person_id, channel as from_channel, '(end)' as to_channel
  from ordered
  where next_channel is null
)

select
  person_id,
  from_channel,
  to_channel,
  count(*) as steps
from steps
group by person_id, from_channel, to_channel
