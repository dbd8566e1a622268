/*
description: >-
  What a deal's current stage means: by the CRM, and by the declared definition of the day on which the deal entered it. One
  row per source and deal.
grain: [source, deal_id]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Id of the deal in the CRM., tests: [not_null] }
  pipeline_label: { type: text, description: Name of the pipeline. }
  stage_label: { type: text, description: Name of the current stage. }
  outcome: { type: text, description: "won: a customer, by the declared definition; lost or open by the CRM; closed: the CRM calls it won, the definition does not. A stage the CRM does not list is open.", tests: [not_null, { accepted_values: [open, won, lost, closed] }] }
  definition_version: { type: text, description: "Version of the definition by which it is won; NULL where it is not." }
*/
with entered_stages as (
  select source, deal_id, stage_id, max(entered_at) as entered_at
  from deal_stages
  group by source, deal_id, stage_id
),

current_stages as (
  select
    deals_feed.source,
    deals_feed.deal_id,
    deals_feed.pipeline_id,
    deals_feed.stage_id,
    stages.pipeline_label,
    stages.stage_label,
    case
      when coalesce(stages.is_won, false) then 'won'
      when coalesce(stages.is_closed, false) then 'lost'
      else 'open'
    end as crm_outcome,
    -- nothing known: as in the oldest version
    coalesce(
      local_date(
        coalesce(
          entered_stages.entered_at,
          deals_feed.close_date_at,
          deals_feed.updated_at,
          deals_feed.created_at
        ),
        settings.time_zone
      ),
      date '1900-01-01'
    ) as entered_date
  from deals_feed
  cross join settings
  left join entered_stages
    on entered_stages.source = deals_feed.source
    and entered_stages.deal_id = deals_feed.deal_id
    and entered_stages.stage_id = deals_feed.stage_id
  left join pipeline_stages_feed as stages
    on stages.source = deals_feed.source
    and stages.pipeline_id = deals_feed.pipeline_id
    and stages.stage_id = deals_feed.stage_id
),

customers as (
  select
    current_stages.source,
    current_stages.deal_id,
    max(stage_definitions.definition_version) as definition_version
  from current_stages
  inner join stage_definitions
    on stage_definitions.stage_id = case stage_definitions.happening
      when 'outcome' then current_stages.crm_outcome
      when 'stage' then current_stages.stage_id
    end
  where stage_definitions.conversion_type = 'customer'
    and stage_definitions.record = 'deal'
    and coalesce(stage_definitions.source, current_stages.source) = current_stages.source
    and (stage_definitions.pipeline_id is null or stage_definitions.pipeline_id = current_stages.pipeline_id)
    and current_stages.entered_date >= coalesce(stage_definitions.valid_from, current_stages.entered_date)
    and current_stages.entered_date <= coalesce(stage_definitions.valid_to, current_stages.entered_date)
  group by current_stages.source, current_stages.deal_id
)

select
  current_stages.source,
  current_stages.deal_id,
  current_stages.pipeline_label,
  current_stages.stage_label,
  case
    when customers.definition_version is not null then 'won'
    when current_stages.crm_outcome = 'won' then 'closed'
    else current_stages.crm_outcome
  end as outcome,
  customers.definition_version
from current_stages
left join customers
  on customers.source = current_stages.source
  and customers.deal_id = current_stages.deal_id
