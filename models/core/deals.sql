/*
description: >-
  Deals with their outcome and when it came about, deleted ones included. A deal that was won, re-opened and won again
  counts from the last entry into won; one that is open or lost today has no time of winning. One row per source and
  deal.
grain: [source, deal_id]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Id of the deal in the CRM., tests: [not_null] }
  deal_name: { type: text, description: Name. }
  company_id: { type: text, description: Primary company; NULL where none. }
  pipeline_id: { type: text, description: Pipeline. }
  stage_id: { type: text, description: Current stage. }
  pipeline_label: { type: text, description: Name of the pipeline. }
  stage_label: { type: text, description: Name of the current stage. }
  owner_id: { type: text, description: Owner. }
  outcome: { type: text, description: "What the current stage means, as in `deal_stages`: open, won, lost or closed. A stage the CRM does not list is open.", tests: [not_null, { accepted_values: [open, won, lost, closed] }] }
  definition_version: { type: text, description: "Version of the definition by which it is won; NULL where not won." }
  won_evidence: { type: text, description: "Where won_at comes from: stage_history, close_date (typed by a person), or last_change (neither is known); NULL where not won.", tests: [{ accepted_values: [stage_history, close_date, last_change] }] }
  currency: { type: text, description: "ISO 4217 currency of the amount; the project's where the CRM names none." }
  amount: { type: 'decimal(18,6)', description: "Amount in the deal's currency." }
  won_actor: { type: text, description: "Who moved it to won: manual, automation or import; NULL where the history does not tell." }
  close_date_drift_days: { type: bigint, description: "Days from the win, by its history, to the close date: what relying on the close date would have been wrong by. NULL where either is unknown." }
  won_is_date_only: { type: boolean, description: "Whether only the day of the win is known: a close date, or an imported entry, at midnight UTC exactly. won_at is then the last second of that day in the project's time zone. NULL where not won." }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
  won_at: { type: timestamptz, description: When the deal was won; NULL unless it is won now. }
  won_recorded_at: { type: timestamptz, description: When the CRM learnt of the win; NULL where the history does not tell. }
  lost_at: { type: timestamptz, description: When the deal was lost; NULL unless it is lost now and the history tells. }
  close_date_at: { type: timestamptz, description: Close date as typed or set by the CRM. }
  created_at: { type: timestamptz, description: When the deal was created. }
  updated_at: { type: timestamptz, description: When it was last changed. }
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
),

current_outcomes as (
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
),

-- The current outcome began with the first entry after the last one that meant something else: moving on from one won
-- stage to another is still the same win.
last_other_outcomes as (
  select
    deal_stages.source,
    deal_stages.deal_id,
    max(deal_stages.entered_at) as entered_at
  from deal_stages
  inner join current_outcomes
    on current_outcomes.source = deal_stages.source
    and current_outcomes.deal_id = deal_stages.deal_id
  where deal_stages.outcome <> current_outcomes.outcome
  group by deal_stages.source, deal_stages.deal_id
),

outcome_entries as (
  select
    deal_stages.source,
    deal_stages.deal_id,
    deal_stages.definition_version,
    deal_stages.actor,
    deal_stages.entered_at,
    deal_stages.recorded_at,
    row_number() over (partition by deal_stages.source, deal_stages.deal_id order by deal_stages.entered_at) as position
  from deal_stages
  left join last_other_outcomes
    on last_other_outcomes.source = deal_stages.source
    and last_other_outcomes.deal_id = deal_stages.deal_id
  where last_other_outcomes.entered_at is null or deal_stages.entered_at > last_other_outcomes.entered_at
),

-- What is typed as a day arrives as its midnight in UTC.
win_times as (
  select
    deals_feed.source,
    deals_feed.deal_id,
    coalesce(
      outcome_entries.entered_at,
      deals_feed.close_date_at,
      deals_feed.updated_at,
      deals_feed.created_at
    ) as told_at,
    case
      when outcome_entries.entered_at is not null then
        coalesce(outcome_entries.actor = 'import', false)
        and outcome_entries.entered_at = day_start(local_date(outcome_entries.entered_at, 'UTC'), 'UTC')
      else coalesce(deals_feed.close_date_at = day_start(local_date(deals_feed.close_date_at, 'UTC'), 'UTC'), false)
    end as is_date_only,
    case
      when deals_feed.close_date_at = day_start(local_date(deals_feed.close_date_at, 'UTC'), 'UTC')
        then local_date(deals_feed.close_date_at, 'UTC')
      else local_date(deals_feed.close_date_at, settings.time_zone)
    end as close_date
  from deals_feed
  cross join settings
  left join outcome_entries
    on outcome_entries.source = deals_feed.source
    and outcome_entries.deal_id = deals_feed.deal_id
    and outcome_entries.position = 1
),

wins_in_time as (
  select
    win_times.source,
    win_times.deal_id,
    win_times.is_date_only,
    win_times.close_date,
    case
      when win_times.is_date_only
        then day_start(local_date(win_times.told_at, 'UTC') + 1, settings.time_zone) - interval '1 second'
      else win_times.told_at
    end as won_at
  from win_times
  cross join settings
)

select
  deals_feed.source,
  deals_feed.deal_id,
  deals_feed.deal_name,
  deals_feed.company_id,
  deals_feed.pipeline_id,
  deals_feed.stage_id,
  current_outcomes.pipeline_label,
  current_outcomes.stage_label,
  deals_feed.owner_id,
  current_outcomes.outcome,
  case
    when current_outcomes.outcome = 'won' then coalesce(outcome_entries.definition_version, current_outcomes.definition_version)
  end as definition_version,
  case
    when current_outcomes.outcome <> 'won' then null
    when outcome_entries.entered_at is not null then 'stage_history'
    when deals_feed.close_date_at is not null then 'close_date'
    else 'last_change'
  end as won_evidence,
  coalesce(deals_feed.currency, settings.reporting_currency) as currency,
  deals_feed.amount,
  case when current_outcomes.outcome = 'won' then outcome_entries.actor end as won_actor,
  case
    when current_outcomes.outcome = 'won' and outcome_entries.entered_at is not null
      then cast(wins_in_time.close_date - local_date(wins_in_time.won_at, settings.time_zone) as bigint)
  end as close_date_drift_days,
  case when current_outcomes.outcome = 'won' then wins_in_time.is_date_only end as won_is_date_only,
  coalesce(deals_feed.is_deleted, false) as is_deleted,
  case when current_outcomes.outcome = 'won' then wins_in_time.won_at end as won_at,
  case when current_outcomes.outcome = 'won' then outcome_entries.recorded_at end as won_recorded_at,
  case when current_outcomes.outcome = 'lost' then outcome_entries.entered_at end as lost_at,
  deals_feed.close_date_at,
  deals_feed.created_at,
  deals_feed.updated_at
from deals_feed
cross join settings
inner join current_outcomes
  on current_outcomes.source = deals_feed.source
  and current_outcomes.deal_id = deals_feed.deal_id
inner join wins_in_time
  on wins_in_time.source = deals_feed.source
  and wins_in_time.deal_id = deals_feed.deal_id
left join outcome_entries
  on outcome_entries.source = deals_feed.source
  and outcome_entries.deal_id = deals_feed.deal_id
  and outcome_entries.position = 1
