/*
description: >-
  The way of every deal through its stages. One row per source, deal and entry into a stage.
grain: [source, deal_id, entered_at]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  stage_id: { type: text, description: Stage entered. }
  stage_label: { type: text, description: Its name; NULL where the CRM lists the stage no more. }
  outcome: { type: text, description: "What the stage means: open, won or lost. A stage the CRM lists no more is open.", tests: [not_null, { accepted_values: [open, won, lost] }] }
  actor: { type: text, description: "Who moved the deal: manual, automation or import." }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
  exited_at: { type: timestamptz, description: When the next stage was entered; NULL for the last entry. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it. }
*/
-- A deal may have been moved between pipelines: its old stages are looked up by their id alone.
with stages_by_id as (
  select
    source,
    stage_id,
    stage_label,
    is_won,
    is_closed,
    row_number() over (partition by source, stage_id order by byte_order(pipeline_id)) as preference
  from pipeline_stages_feed
),

labelled_changes as (
  select
    changes.source,
    changes.deal_id,
    changes.stage_id,
    coalesce(own_stages.stage_label, stages_by_id.stage_label) as stage_label,
    coalesce(own_stages.is_won, stages_by_id.is_won, false) as is_won,
    coalesce(own_stages.is_closed, stages_by_id.is_closed, false) as is_closed,
    changes.actor,
    changes.entered_at,
    changes.recorded_at
  from deal_stage_changes_feed as changes
  left join deals_feed
    on deals_feed.source = changes.source
    and deals_feed.deal_id = changes.deal_id
  left join pipeline_stages_feed as own_stages
    on own_stages.source = changes.source
    and own_stages.pipeline_id = deals_feed.pipeline_id
    and own_stages.stage_id = changes.stage_id
  left join stages_by_id
    on stages_by_id.source = changes.source
    and stages_by_id.stage_id = changes.stage_id
    and stages_by_id.preference = 1
)

select
  source,
  deal_id,
  stage_id,
  stage_label,
  case when is_won then 'won' when is_closed then 'lost' else 'open' end as outcome,
  actor,
  entered_at,
  lead(entered_at) over (partition by source, deal_id order by entered_at) as exited_at,
  recorded_at
from labelled_changes
