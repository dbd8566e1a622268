/*
description: >-
  Entries of HubSpot's contacts into their lifecycle stages, from the property's history. Setting the stage to what it
  was is no entry. One row per contact and time of entry.
grain: [contact_id, entered_at]
key: contact_id
source: hubspot.contact_lifecycle_history
reads:
  contact_id: text
  property: text
  changed_at: timestamptz
  value: text
  source_type: text
feeds: contact_stage_changes
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  lifecycle_stage: { type: text, description: "Stage entered: subscriber, lead, marketingqualifiedlead, …, or the CRM's own id.", tests: [not_null] }
  entered_at: { type: timestamptz, description: When it was entered., tests: [not_null] }
  actor: { type: text, description: "Who set it: manual, automation or import.", tests: [not_null, { accepted_values: [manual, automation, import] }] }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of it: the same time, for an import the time of the import.", tests: [not_null] }
tests:
  - unique: [contact_id, entered_at]
*/
with stage_values as (
  select
    contact_id,
    changed_at,
    value,
    source_type,
    row_number() over (partition by contact_id, changed_at order by byte_order(value) desc nulls last) as preference
  from source
  where property = 'lifecyclestage'
),

consecutive_values as (
  select
    contact_id,
    changed_at,
    value,
    source_type,
    lag(value) over (partition by contact_id order by changed_at) as previous_value
  from stage_values
  where preference = 1
)

select
  'hubspot' as source,
  contact_id,
  value as lifecycle_stage,
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
