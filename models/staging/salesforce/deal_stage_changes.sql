/*
description: >-
  Entries of Salesforce's opportunities into their stages, from the history the platform always keeps. A change of amount
  or close date alone is no entry. One row per deal and time of entry.
grain: [deal_id, entered_at]
source: salesforce.opportunity_history
reads:
  id: text
  opportunity_id: text
  stage_name: text
  created_by_user_type: text
  created_date: timestamptz
feeds: deal_stage_changes
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  stage_id: { type: text, description: "Stage entered.", tests: [not_null] }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
  actor: { type: text, description: "Who moved it: automation for the platform's own processes, else manual. Imports and integrations act as users and cannot be told apart.", tests: [not_null, { accepted_values: [manual, automation, import] }] }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of it: the same time.", tests: [not_null] }
tests:
  - unique: [deal_id, entered_at]
*/
with states as (
  select
    opportunity_id,
    stage_name,
    created_by_user_type,
    created_date,
    row_number() over (partition by opportunity_id, created_date order by byte_order(id) desc nulls last) as preference
  from source
),

consecutive_states as (
  select
    opportunity_id,
    stage_name,
    created_by_user_type,
    created_date,
    lag(stage_name) over (partition by opportunity_id order by created_date) as previous_stage_name
  from states
  where preference = 1
)

select
  'salesforce' as source,
  opportunity_id as deal_id,
  stage_name as stage_id,
  created_date as entered_at,
  case when created_by_user_type in ('AutomatedProcess', 'CloudIntegrationUser') then 'automation' else 'manual' end as actor,
  created_date as recorded_at
from consecutive_states
where stage_name is not null
  and (previous_stage_name is null or previous_stage_name <> stage_name)
