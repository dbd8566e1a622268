/*
description: >-
  Stages of Salesforce's opportunities, inactive and removed ones included: old deals and the history still name them. The
  organisation has one list; sales processes show parts of it. One row per pipeline and stage.
grain: [pipeline_id, stage_id]
source: salesforce.opportunity_stages
reads:
  id: text
  api_name: text
  master_label: text
  sort_order: bigint
  is_active: boolean
  is_closed: boolean
  is_won: boolean
  _deleted: boolean
feeds: pipeline_stages
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  pipeline_id: { type: text, description: "Always opportunity.", tests: [not_null] }
  pipeline_label: { type: text, description: Its name. }
  stage_id: { type: text, description: Stage., tests: [not_null] }
  stage_label: { type: text, description: Its name. }
  stage_order: { type: integer, description: "Position in the pipeline, from 0." }
  is_closed: { type: boolean, description: Whether a deal in it is closed., tests: [not_null] }
  is_won: { type: boolean, description: Whether a deal in it is won., tests: [not_null] }
tests:
  - unique: [pipeline_id, stage_id]
*/
with stages as (
  select
    coalesce(api_name, master_label) as stage_id,
    master_label,
    sort_order,
    is_closed,
    is_won,
    row_number() over (
      partition by coalesce(api_name, master_label)
      order by case when _deleted then 2 when is_active then 0 else 1 end, byte_order(id)
    ) as preference
  from source
)

select
  'salesforce' as source,
  'opportunity' as pipeline_id,
  'Opportunities' as pipeline_label,
  stage_id,
  master_label as stage_label,
  cast(sort_order - 1 as integer) as stage_order,
  coalesce(is_closed, false) as is_closed,
  coalesce(is_won, false) as is_won
from stages
where preference = 1
  and stage_id is not null
