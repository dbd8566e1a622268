/*
description: >-
  Deals of HubSpot that were merged into another: the one that is left lists them. When is not told. One row per deal that
  was merged away.
grain: [deal_id]
source: hubspot.deals
reads:
  id: text
  hs_merged_object_ids: text
  updated_at: timestamptz
  _deleted: boolean
feeds: deal_merges
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal that is no more., tests: [not_null, unique] }
  merged_into_id: { type: text, description: "Deal that it became a part of: of several, one after the other, the one changed last." }
  merged_at: { type: timestamptz, description: NULL. }
*/
with places as (
  select place
  from generate_series(1, 250) as listed(place)
),

listed_merges as (
  select
    trim(split_part(source.hs_merged_object_ids, ';', cast(places.place as integer))) as deal_id,
    source.id as merged_into_id,
    row_number() over (
      partition by trim(split_part(source.hs_merged_object_ids, ';', cast(places.place as integer)))
      order by source.updated_at desc nulls last, byte_order(source.id)
    ) as recency
  from source
  inner join places
    on places.place <= length(source.hs_merged_object_ids) - length(replace(source.hs_merged_object_ids, ';', '')) + 1
  where source.hs_merged_object_ids is not null
)

select
  'hubspot' as source,
  deal_id,
  merged_into_id,
  cast(null as timestamptz) as merged_at
from listed_merges
where recency = 1 and deal_id <> '' and deal_id <> merged_into_id
