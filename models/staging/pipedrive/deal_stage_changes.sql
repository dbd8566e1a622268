/*
description: >-
  Entries of Pipedrive's deals into their stages, from the changelog. Being won or lost is the entry into the stage won or
  lost; being re-opened is the entry into the stage the deal is in. One row per deal and time of entry.
grain: [deal_id, entered_at]
key: deal_id
source: pipedrive.deal_history
reads:
  deal_id: text
  position: bigint
  stage_id: text
  status: text
  changed_at: timestamptz
  recorded_at: timestamptz
  change_source: text
  origin: text
feeds: deal_stage_changes
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  stage_id: { type: text, description: "Stage entered, or won or lost.", tests: [not_null] }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
  actor: { type: text, description: "Who moved it: manual in the web or mobile app, import, else automation.", tests: [not_null, { accepted_values: [manual, automation, import] }] }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of it: the same time, but for a deal that was made as won or lost.", tests: [not_null] }
tests:
  - unique: [deal_id, entered_at]
*/
with states as (
  select
    deal_id,
    position,
    case when status in ('won', 'lost') then status else stage_id end as entered_stage_id,
    changed_at,
    recorded_at,
    change_source,
    origin,
    row_number() over (partition by deal_id, changed_at order by position desc nulls last) as preference
  from source
),

consecutive_states as (
  select
    deal_id,
    entered_stage_id,
    changed_at,
    recorded_at,
    change_source,
    origin,
    lag(entered_stage_id) over (partition by deal_id order by changed_at) as previous_stage_id
  from states
  where preference = 1
)

select
  'pipedrive' as source,
  deal_id,
  entered_stage_id as stage_id,
  changed_at as entered_at,
  case
    when change_source in ('app', 'mobile') or origin = 'ManuallyCreated' then 'manual'
    when change_source = 'import' or origin = 'Import' then 'import'
    else 'automation'
  end as actor,
  coalesce(recorded_at, changed_at) as recorded_at
from consecutive_states
where entered_stage_id is not null
  and (previous_stage_id is null or previous_stage_id <> entered_stage_id)
