/*
description: >-
  New customers: the first win of each company (or person, by the config) that stands, over all CRMs; later wins are
  expansion. Of wins that ended since, re-opened, lost or refunded, the ones at whose time no other stood: they were new
  customers until they ended. One row per win.
grain: [conversion_id]
key: owner_id
columns:
  owner_id: { type: text, description: "What is the customer, as in `conversion_owners`.", tests: [not_null] }
  conversion_id: { type: text, description: The win., tests: [not_null, unique] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  won_at: { type: timestamptz, description: When it was won. }
  reversed_at: { type: timestamptz, description: "When it ended; NULL of the one that stands." }
*/
with wins as (
  select
    conversion_owners.owner_id,
    conversion_owners.conversion_id,
    conversion_owners.source,
    conversion_owners.converted_at,
    coalesce(conversion_owners.reversed_at, refunded_conversions.refunded_at) as reversed_at
  from conversion_owners
  left join duplicate_conversions
    on duplicate_conversions.owner_id = conversion_owners.owner_id
    and duplicate_conversions.conversion_id = conversion_owners.conversion_id
  left join refunded_conversions
    on refunded_conversions.owner_id = conversion_owners.owner_id
    and refunded_conversions.conversion_id = conversion_owners.conversion_id
  where conversion_owners.conversion_type = 'customer'
    and duplicate_conversions.conversion_id is null
),

-- Until when an earlier win of the owner stood: one that stands has no end.
compared as (
  select
    wins.*,
    row_number() over (
      partition by owner_id, reversed_at is null
      order by converted_at, byte_order(conversion_id)
    ) as place,
    coalesce(bool_or(reversed_at is null) over before, false) as is_after_a_standing_one,
    max(reversed_at) over before as others_ended_at
  from wins
  window before as (
    partition by owner_id
    order by converted_at, byte_order(conversion_id)
    rows between unbounded preceding and 1 preceding
  )
)

select owner_id, conversion_id, source, converted_at as won_at, reversed_at
from compared
where (reversed_at is null and place = 1)
  or (
    reversed_at is not null
    and not is_after_a_standing_one
    and (others_ended_at is null or others_ended_at <= converted_at)
  )
