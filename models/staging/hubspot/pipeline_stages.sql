/*
description: >-
  Stages of HubSpot's deal pipelines, removed ones included: old deals and the history still name them. A closed stage
  with probability 1 is won. One row per pipeline and stage.
grain: [pipeline_id, stage_id]
source: hubspot.deal_pipeline_stages
reads:
  pipeline_id: text
  stage_id: text
  pipeline_label: text
  stage_label: text
  stage_order: bigint
  is_closed: boolean
  probability: decimal(38,9)
feeds: pipeline_stages
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  pipeline_id: { type: text, description: Pipeline., tests: [not_null] }
  pipeline_label: { type: text, description: Its name. }
  stage_id: { type: text, description: Stage., tests: [not_null] }
  stage_label: { type: text, description: Its name. }
  stage_order: { type: integer, description: "Position in the pipeline, from 0." }
  is_closed: { type: boolean, description: Whether a deal in it is closed., tests: [not_null] }
  is_won: { type: boolean, description: Whether a deal in it is won., tests: [not_null] }
tests:
  - unique: [pipeline_id, stage_id]
*/
select
  'hubspot' as source,
  pipeline_id,
  pipeline_label,
  stage_id,
  stage_label,
  cast(stage_order as integer) as stage_order,
  coalesce(is_closed, false) as is_closed,
  coalesce(is_closed and probability >= 1, false) as is_won
from source
