/*
description: >-
  How often a path went from one channel to another: the paths of a type's conversions, which end in (conversion), and
  all touchpoints of the people who have none of that type, which end in (null). Touchpoints of one channel in a row
  count as one. One row per conversion type and step.
grain: [conversion_type, from_channel, to_channel]
columns:
  conversion_type: { type: text, description: Type of the conversions., tests: [not_null] }
  from_channel: { type: text, description: "Channel, or (start).", tests: [not_null] }
  to_channel: { type: text, description: "Channel, (conversion) or (null).", tests: [not_null] }
  transitions: { type: bigint, description: How often., tests: [not_null, { between: [1, null] }] }
*/
with ordered as (
  select
    conversion_windows.conversion_type,
    conversion_touchpoints.channel,
    conversion_touchpoints.position,
    conversion_touchpoints.path_length,
    lag(conversion_touchpoints.channel) over (
      partition by conversion_touchpoints.conversion_id
      order by conversion_touchpoints.position
    ) as previous_channel
  from conversion_touchpoints
  inner join conversion_windows
    on conversion_windows.conversion_id = conversion_touchpoints.conversion_id
  where conversion_windows.reversed_at is null
),

steps_to_conversion as (
  select conversion_type, coalesce(previous_channel, '(start)') as from_channel, channel as to_channel, count(*) as steps
  from ordered
  where previous_channel is null or previous_channel <> channel
  group by conversion_type, coalesce(previous_channel, '(start)'), channel

  union all

  select conversion_type, channel as from_channel, '(conversion)' as to_channel, count(*) as steps
  from ordered
  where position = path_length
  group by conversion_type, channel
),

converted as (
  select distinct conversion_windows.conversion_type, conversion_people.person_id
  from conversion_people
  inner join conversion_windows
    on conversion_windows.conversion_id = conversion_people.conversion_id
  where conversion_windows.reversed_at is null
),

conversion_types as (
  select distinct conversion_type
  from conversion_windows
  where reversed_at is null
),

steps_of_all as (
  select from_channel, to_channel, sum(steps) as steps
  from person_steps
  group by from_channel, to_channel
),

steps_of_converted as (
  select converted.conversion_type, person_steps.from_channel, person_steps.to_channel, sum(person_steps.steps) as steps
  from converted
  inner join person_steps
    on person_steps.person_id = converted.person_id
  group by converted.conversion_type, person_steps.from_channel, person_steps.to_channel
),

-- Those who did not convert are all less those who did: converters are few.
steps_to_null as (
  select
    conversion_types.conversion_type,
    steps_of_all.from_channel,
    case when steps_of_all.to_channel = '(end)' then '(null)' else steps_of_all.to_channel end as to_channel,
    steps_of_all.steps - coalesce(steps_of_converted.steps, 0) as steps
  from conversion_types
  cross join steps_of_all
  left join steps_of_converted
    on steps_of_converted.conversion_type = conversion_types.conversion_type
    and steps_of_converted.from_channel = steps_of_all.from_channel
    and steps_of_converted.to_channel = steps_of_all.to_channel
),

steps as (
  select conversion_type, from_channel, to_channel, steps from steps_to_conversion
  union all
  select conversion_type, from_channel, to_channel, steps from steps_to_null where steps > 0
)

select
  conversion_type,
  from_channel,
  to_channel,
  cast(sum(steps) as bigint) as transitions
from steps
group by conversion_type, from_channel, to_channel
