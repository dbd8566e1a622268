/*
description: >-
  How deals move through the stages of their pipeline: every entry against the one before. The order of stages is the CRM's;
  stages that it lists no more have none. One row per source, deal and entry into a stage.
grain: [source, deal_id, entered_at]
key: [source, deal_id]
lookups:
  pipeline_stages_feed: { source: deal_stages.source, pipeline_id: deal_stages.pipeline_id }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  pipeline_id: { type: text, description: Pipeline of the stage. }
  from_stage_id: { type: text, description: Stage before; NULL for the first entry. }
  stage_id: { type: text, description: Stage entered. }
  move: { type: text, description: "started (in the first stage), forward (to the next), skipped (over stages), backward, lost (or closed without a win), reopened, other_pipeline; unknown where the order of a stage is.", tests: [not_null, { accepted_values: [started, forward, skipped, backward, lost, reopened, other_pipeline, unknown] }] }
  skipped_stages: { type: bigint, description: Open stages left out; 0 of other moves., tests: [not_null] }
  actor: { type: text, description: "Who moved the deal: manual, automation or import." }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
*/
with open_stages as (
  select
    source,
    pipeline_id,
    stage_id,
    row_number() over (partition by source, pipeline_id order by stage_order, byte_order(stage_id)) as place
  from pipeline_stages_feed
  where not coalesce(is_closed, false)
    and not coalesce(is_won, false)
    and stage_order is not null
),

-- A win is one place after the last open stage.
won_places as (
  select source, pipeline_id, max(place) + 1 as place
  from open_stages
  group by source, pipeline_id
),

placed as (
  select
    deal_stages.source,
    deal_stages.deal_id,
    deal_stages.pipeline_id,
    deal_stages.stage_id,
    deal_stages.outcome,
    case deal_stages.outcome when 'open' then open_stages.place when 'won' then won_places.place end as place,
    deal_stages.actor,
    deal_stages.entered_at
  from deal_stages
  left join open_stages
    on open_stages.source = deal_stages.source
    and open_stages.pipeline_id = deal_stages.pipeline_id
    and open_stages.stage_id = deal_stages.stage_id
  left join won_places
    on won_places.source = deal_stages.source
    and won_places.pipeline_id = deal_stages.pipeline_id
),

compared as (
  select
    placed.*,
    lag(stage_id) over one_deal as from_stage_id,
    lag(pipeline_id) over one_deal as from_pipeline_id,
    lag(outcome) over one_deal as from_outcome,
    lag(place) over one_deal as from_place
  from placed
  window one_deal as (partition by source, deal_id order by entered_at)
),

named as (
  select
    compared.*,
    case
      when outcome in ('lost', 'closed') then 'lost'
      when place is null then 'unknown'
      when from_outcome is null then case when place = 1 then 'started' else 'skipped' end
      when from_outcome <> 'open' then case when outcome = 'open' then 'reopened' else 'forward' end
      when from_pipeline_id <> pipeline_id then 'other_pipeline'
      when from_place is null then 'unknown'
      when place <= from_place then 'backward'
      when place = from_place + 1 then 'forward'
      else 'skipped'
    end as move
  from compared
)

select
  source,
  deal_id,
  pipeline_id,
  from_stage_id,
  stage_id,
  move,
  case when move = 'skipped' then place - coalesce(from_place, 0) - 1 else 0 end as skipped_stages,
  actor,
  entered_at
from named
