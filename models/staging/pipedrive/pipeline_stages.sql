/*
description: >-
  Stages of Pipedrive's pipelines, removed ones included: old deals and the history still name them. Each pipeline has the
  stages won and lost behind its own. One row per pipeline and stage.
grain: [pipeline_id, stage_id]
source: pipedrive.pipeline_stages
reads:
  stage_id: text
  pipeline_id: text
  pipeline_name: text
  stage_name: text
  stage_order: bigint
  _deleted: boolean
feeds: pipeline_stages
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  pipeline_id: { type: text, description: Pipeline., tests: [not_null] }
  pipeline_label: { type: text, description: Its name. }
  stage_id: { type: text, description: "Stage, or won or lost.", tests: [not_null] }
  stage_label: { type: text, description: Its name. }
  stage_order: { type: integer, description: "Position in the pipeline, from 0." }
  is_closed: { type: boolean, description: Whether a deal in it is closed., tests: [not_null] }
  is_won: { type: boolean, description: Whether a deal in it is won., tests: [not_null] }
tests:
  - unique: [pipeline_id, stage_id]
*/
with stages as (
  select
    pipeline_id,
    pipeline_name,
    stage_id,
    stage_name,
    stage_order,
    row_number() over (
      partition by pipeline_id
      order by case when _deleted then 1 else 0 end, byte_order(stage_id)
    ) as preference,
    max(stage_order) over (partition by pipeline_id) as last_order
  from source
  where pipeline_id is not null
),

closings as (
  select 'won' as stage_id, 'Won' as stage_label, 1 as step, true as is_won

  union all

  select 'lost' as stage_id, 'Lost' as stage_label, 2 as step, false as is_won
)

select
  'pipedrive' as source,
  pipeline_id,
  pipeline_name as pipeline_label,
  stage_id,
  stage_name as stage_label,
  cast(stage_order as integer) as stage_order,
  false as is_closed,
  false as is_won
from stages

union all

select
  'pipedrive' as source,
  stages.pipeline_id,
  stages.pipeline_name as pipeline_label,
  closings.stage_id,
  closings.stage_label,
  cast(stages.last_order + closings.step as integer) as stage_order,
  true as is_closed,
  closings.is_won
from stages
cross join closings
where stages.preference = 1
