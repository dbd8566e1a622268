/*
description: >-
  New customers: the first win of each company (or person, by the config), over all CRMs; later wins are expansion,
  refunded ones nothing. One row per owner.
grain: [owner_id]
key: owner_id
columns:
  owner_id: { type: text, description: "What is the customer, as in `conversion_owners`.", tests: [not_null] }
  conversion_id: { type: text, description: The first win., tests: [not_null, unique] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  won_at: { type: timestamptz, description: When it was won. }
*/
with ranked as (
  select
    conversion_owners.owner_id,
    conversion_owners.conversion_id,
    conversion_owners.source,
    conversion_owners.converted_at,
    row_number() over (
      partition by conversion_owners.owner_id
      order by conversion_owners.converted_at, byte_order(conversion_owners.conversion_id)
    ) as position
  from conversion_owners
  left join duplicate_conversions
    on duplicate_conversions.owner_id = conversion_owners.owner_id
    and duplicate_conversions.conversion_id = conversion_owners.conversion_id
  left join refunded_conversions
    on refunded_conversions.owner_id = conversion_owners.owner_id
    and refunded_conversions.conversion_id = conversion_owners.conversion_id
  where conversion_owners.conversion_type = 'customer'
    and duplicate_conversions.conversion_id is null
    and refunded_conversions.conversion_id is null
)

select owner_id, conversion_id, source, converted_at as won_at
from ranked
where position = 1
