/*
description: >-
  The way of every deal through its stages. One row per source, deal and entry into a stage.
grain: [source, deal_id, entered_at]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  pipeline_id: { type: text, description: "Pipeline that the stage is of; the deal's where the CRM lists the stage no more." }
  stage_id: { type: text, description: Stage entered. }
  stage_label: { type: text, description: Its name; NULL where the CRM lists the stage no more. }
  outcome: { type: text, description: "What the stage means. won: a customer, by the declared definition of the day of entry; lost or open by the CRM; closed: the CRM calls it won, the definition does not. A stage the CRM lists no more is open.", tests: [not_null, { accepted_values: [open, won, lost, closed] }] }
  definition_version: { type: text, description: "Version of the definition by which it is won; NULL where it is not." }
  actor: { type: text, description: "Who moved the deal: manual, automation or import; NULL where the CRM does not tell.", tests: [{ accepted_values: [manual, automation, import] }] }
  entered_at: { type: timestamptz, description: When the stage was entered., tests: [not_null] }
  exited_at: { type: timestamptz, description: When the next stage was entered; NULL for the last entry. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it. }
*/
-- A deal may have been moved between pipelines: its old stages are looked up by their id alone.
with stages_by_id as (
  select
    source,
    pipeline_id,
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
    coalesce(own_stages.pipeline_id, stages_by_id.pipeline_id, deals_feed.pipeline_id) as pipeline_id,
    changes.stage_id,
    coalesce(own_stages.stage_label, stages_by_id.stage_label) as stage_label,
    case
      when coalesce(own_stages.is_won, stages_by_id.is_won, false) then 'won'
      when coalesce(own_stages.is_closed, stages_by_id.is_closed, false) then 'lost'
      else 'open'
    end as crm_outcome,
    changes.actor,
    changes.entered_at,
    local_date(changes.entered_at, settings.time_zone) as entered_date,
    changes.recorded_at
  from deal_stage_changes_feed as changes
  cross join settings
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
),

-- Versions do not overlap, so the alternatives that match an entry are of one version.
customer_entries as (
  select
    labelled_changes.source,
    labelled_changes.deal_id,
    labelled_changes.entered_at,
    max(stage_definitions.definition_version) as definition_version
  from labelled_changes
  inner join stage_definitions
    on stage_definitions.stage_id = case stage_definitions.happening
      when 'outcome' then labelled_changes.crm_outcome
      when 'stage' then labelled_changes.stage_id
    end
  where stage_definitions.conversion_type = 'customer'
    and stage_definitions.record = 'deal'
    and coalesce(stage_definitions.source, labelled_changes.source) = labelled_changes.source
    and (stage_definitions.pipeline_id is null or stage_definitions.pipeline_id = labelled_changes.pipeline_id)
    and labelled_changes.entered_date >= coalesce(stage_definitions.valid_from, labelled_changes.entered_date)
    and labelled_changes.entered_date <= coalesce(stage_definitions.valid_to, labelled_changes.entered_date)
  group by labelled_changes.source, labelled_changes.deal_id, labelled_changes.entered_at
)

select
  labelled_changes.source,
  labelled_changes.deal_id,
  labelled_changes.pipeline_id,
  labelled_changes.stage_id,
  labelled_changes.stage_label,
  case
    when customer_entries.definition_version is not null then 'won'
    when labelled_changes.crm_outcome = 'won' then 'closed'
    else labelled_changes.crm_outcome
  end as outcome,
  customer_entries.definition_version,
  labelled_changes.actor,
  labelled_changes.entered_at,
  lead(labelled_changes.entered_at) over (
    partition by labelled_changes.source, labelled_changes.deal_id
    order by labelled_changes.entered_at
  ) as exited_at,
  labelled_changes.recorded_at
from labelled_changes
left join customer_entries
  on customer_entries.source = labelled_changes.source
  and customer_entries.deal_id = labelled_changes.deal_id
  and customer_entries.entered_at = labelled_changes.entered_at
