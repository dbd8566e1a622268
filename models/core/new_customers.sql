/*
description: >-
  New customers: the first win of each company (or person, by the config); later wins are expansion. One row per source
  and owner.
grain: [source, owner_id]
key: [source, owner_id]
columns:
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  owner_id: { type: text, description: "What is the customer, as in `wins`.", tests: [not_null] }
  conversion_id: { type: text, description: The first win., tests: [not_null] }
  won_at: { type: timestamptz, description: When it was won. }
*/
with ranked as (
  select
    source,
    owner_id,
    conversion_id,
    won_at,
    row_number() over (partition by source, owner_id order by won_at, byte_order(conversion_id)) as position
  from wins
)

select source, owner_id, conversion_id, won_at
from ranked
where position = 1
