/*
description: >-
  Records of the CRMs that tell of a conversion which another record tells of already. same_owner: of the same person (or
  company) and type, within window_hours after the one that is kept; other_crm: the same in another CRM, within
  cross_source_hours, one record of each CRM at most, and one of the orders with a number. The earlier one is kept. One row per duplicate.
grain: [conversion_id]
key: [conversion_type, owner_id]
columns:
  conversion_id: { type: text, description: The duplicate., tests: [not_null, unique] }
  conversion_type: { type: text, description: Type of both., tests: [not_null] }
  owner_id: { type: text, description: "Whose both are, as in `conversion_owners`.", tests: [not_null] }
  kept_conversion_id: { type: text, description: The conversion that it is., tests: [not_null] }
  rule: { type: text, description: "same_owner or other_crm.", tests: [not_null, { accepted_values: [same_owner, other_crm] }] }
*/
with recursive records as (
  select
    conversion_owners.conversion_id,
    conversion_owners.conversion_type,
    conversion_owners.series,
    conversion_owners.owner_id,
    conversion_owners.converted_at,
    cast(deduplication.window_hours as double precision) * 3600 as window_seconds,
    cast(deduplication.cross_source_hours as double precision) * 3600 as cross_source_seconds,
    row_number() over (
      partition by conversion_owners.conversion_type, conversion_owners.owner_id
      order by conversion_owners.converted_at, byte_order(conversion_owners.conversion_id)
    ) as place
  from conversion_owners
  inner join deduplication
    on deduplication.conversion_type = conversion_owners.conversion_type
  where conversion_owners.converted_at is not null and conversion_owners.reversed_at is null
),

gaps as (
  select
    conversion_id,
    conversion_type,
    series,
    owner_id,
    converted_at,
    window_seconds,
    cross_source_seconds,
    place,
    seconds_between(
      lag(converted_at) over (partition by conversion_type, owner_id order by place),
      converted_at
    ) as seconds_since_previous
  from records
),

-- Few owners have records close to each other: only these are walked through one by one.
crowded_owners as (
  select distinct conversion_type, owner_id
  from gaps
  where window_seconds > 0 and seconds_since_previous <= window_seconds
),

crowded as (
  select
    gaps.conversion_id,
    gaps.conversion_type,
    gaps.owner_id,
    gaps.converted_at,
    gaps.window_seconds,
    gaps.place
  from gaps
  inner join crowded_owners
    on crowded_owners.conversion_type = gaps.conversion_type
    and crowded_owners.owner_id = gaps.owner_id
),

-- The window counts from the record that is kept, not from the one before.
walked as (
  select conversion_id, conversion_type, owner_id, place, conversion_id as kept_id, converted_at as kept_at
  from crowded
  where place = 1

  union all

  select
    crowded.conversion_id,
    crowded.conversion_type,
    crowded.owner_id,
    crowded.place,
    case
      when seconds_between(walked.kept_at, crowded.converted_at) <= crowded.window_seconds then walked.kept_id
      else crowded.conversion_id
    end as kept_id,
    case
      when seconds_between(walked.kept_at, crowded.converted_at) <= crowded.window_seconds then walked.kept_at
      else crowded.converted_at
    end as kept_at
  from walked
  inner join crowded
    on crowded.conversion_type = walked.conversion_type
    and crowded.owner_id = walked.owner_id
    and crowded.place = walked.place + 1
),

same_owner as (
  select conversion_id, conversion_type, owner_id, kept_id
  from walked
  where conversion_id <> kept_id
),

-- What is closer together than the window is one episode: the first record of one CRM in it is the first of the other.
episodes as (
  select
    gaps.conversion_id,
    gaps.conversion_type,
    gaps.series,
    gaps.owner_id,
    gaps.converted_at,
    gaps.cross_source_seconds,
    sum(case when gaps.seconds_since_previous <= gaps.cross_source_seconds then 0 else 1 end) over (
      partition by gaps.conversion_type, gaps.owner_id
      order by gaps.place
    ) as episode
  from gaps
  left join same_owner
    on same_owner.conversion_id = gaps.conversion_id
  where gaps.cross_source_seconds > 0 and same_owner.conversion_id is null
),

numbered as (
  select
    conversion_id,
    conversion_type,
    owner_id,
    converted_at,
    cross_source_seconds,
    episode,
    row_number() over (
      partition by conversion_type, owner_id, episode, series
      order by converted_at, byte_order(conversion_id)
    ) as ordinal
  from episodes
),

paired as (
  select
    conversion_id,
    conversion_type,
    owner_id,
    converted_at,
    cross_source_seconds,
    first_value(conversion_id) over (
      partition by conversion_type, owner_id, episode, ordinal
      order by converted_at, byte_order(conversion_id)
    ) as kept_id,
    min(converted_at) over (partition by conversion_type, owner_id, episode, ordinal) as kept_at
  from numbered
)

select conversion_id, conversion_type, owner_id, kept_id as kept_conversion_id, 'same_owner' as rule
from same_owner

union all

select conversion_id, conversion_type, owner_id, kept_id as kept_conversion_id, 'other_crm' as rule
from paired
where conversion_id <> kept_id
  and seconds_between(kept_at, converted_at) <= cross_source_seconds
