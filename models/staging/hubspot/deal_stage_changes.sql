/*
description: >-
  Entries of HubSpot's deals into their stages, from the property's history. Setting the stage to what it was is no
  entry. One row per deal and time of entry.
grain: [deal_id, entered_at]
key: deal_id
source: hubspot.deal_stage_history
reads:
  deal_id: text
  property: text
  changed_at: timestamptz
  value: text
  source_type: text
feeds: deal_stage_changes
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  stage_id: { type: text, description: "Stage entered.", tests: [not_null] }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
  actor: { type: text, description: "Who moved it: manual, automation or import.", tests: [not_null, { accepted_values: [manual, automation, import] }] }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of it: the same time, for an import the time of the import.", tests: [not_null] }
tests:
  - unique: [deal_id, entered_at]
*/
with stage_values as (
  select
    deal_id,
    changed_at,
    value,
    source_type,
    row_number() over (partition by deal_id, changed_at order by byte_order(value) desc nulls last) as preference
  from source
  where property = 'dealstage'
),

consecutive_values as (
  select
    deal_id,
    changed_at,
    value,
    source_type,
    lag(value) over (partition by deal_id order by changed_at) as previous_value
  from stage_values
  where preference = 1
)

select
  'hubspot' as source,
  deal_id,
  value as stage_id,
  changed_at as entered_at,
  case
    when source_type in ('CRM_UI', 'CRM_UI_BULK_ACTION', 'MOBILE_IOS', 'MOBILE_ANDROID') then 'manual'
    when source_type = 'IMPORT' then 'import'
    else 'automation'
  end as actor,
  changed_at as recorded_at
from consecutive_values
where value is not null
  and (previous_value is null or previous_value <> value)
