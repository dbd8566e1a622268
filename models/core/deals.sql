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
  owner_id: { type: text, description: "Whose it is in the CRM, as in `record_owners`." }
  outcome: { type: text, description: "What the current stage means, as in `deal_stages`: open, won, lost or closed. A stage the CRM does not list is open.", tests: [not_null, { accepted_values: [open, won, lost, closed] }] }
  definition_version: { type: text, description: "Version of the definition by which it is won; NULL where not won." }
  won_evidence: { type: text, description: "Where won_at comes from: stage_history, close_date (typed by a person), or last_change (neither is known); NULL where not won.", tests: [{ accepted_values: [stage_history, close_date, last_change] }] }
  currency: { type: text, description: "ISO 4217 currency of the amount; the project's where the CRM names none." }
  amount: { type: 'decimal(18,6)', description: "Amount in the deal's currency." }
  won_actor: { type: text, description: "Who moved it to won: manual, automation or import; NULL where the history does not tell." }
  close_date_drift_days: { type: bigint, description: "Days from the win, by its history, to the close date: what relying on the close date would have been wrong by. NULL where either is unknown." }
  wins: { type: bigint, description: "How often it was won so far, the current win included: a deal that was re-opened and won again has 2.", tests: [not_null] }
  won_is_date_only: { type: boolean, description: "Whether only the day of the win is known: a close date, or an imported entry, at midnight UTC exactly. won_at is then the last second of that day in the project's time zone. NULL where not won." }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
  won_at: { type: timestamptz, description: When the deal was won; NULL unless it is won now. }
  won_recorded_at: { type: timestamptz, description: When the CRM learnt of the win; NULL where the history does not tell. }
  lost_at: { type: timestamptz, description: When the deal was lost; NULL unless it is lost now and the history tells. }
  close_date_at: { type: timestamptz, description: Close date as typed or set by the CRM. }
  created_at: { type: timestamptz, description: When the deal was created. }
  updated_at: { type: timestamptz, description: When it was last changed. }
*/
-- The last outcome of the history, where the deal still has it: else the history ends before the deal does.
with outcome_entries as (
  select
    deal_outcomes.source,
    deal_outcomes.deal_id,
    deal_outcomes.definition_version,
    deal_outcomes.actor,
    deal_outcomes.began_at as entered_at,
    deal_outcomes.recorded_at
  from deal_outcomes
  inner join deal_states
    on deal_states.source = deal_outcomes.source
    and deal_states.deal_id = deal_outcomes.deal_id
    and deal_states.outcome = deal_outcomes.outcome
  where deal_outcomes.ended_at is null
),

wins_by_history as (
  select source, deal_id, max(wins) as wins
  from deal_outcomes
  group by source, deal_id
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
  deal_states.pipeline_label,
  deal_states.stage_label,
  deals_feed.owner_id,
  deal_states.outcome,
  case
    when deal_states.outcome = 'won' then coalesce(outcome_entries.definition_version, deal_states.definition_version)
  end as definition_version,
  case
    when deal_states.outcome <> 'won' then null
    when outcome_entries.entered_at is not null then 'stage_history'
    when deals_feed.close_date_at is not null then 'close_date'
    else 'last_change'
  end as won_evidence,
  coalesce(deals_feed.currency, settings.reporting_currency) as currency,
  deals_feed.amount,
  case when deal_states.outcome = 'won' then outcome_entries.actor end as won_actor,
  case
    when deal_states.outcome = 'won' and outcome_entries.entered_at is not null
      then cast(wins_in_time.close_date - local_date(wins_in_time.won_at, settings.time_zone) as bigint)
  end as close_date_drift_days,
  coalesce(wins_by_history.wins, 0)
    + case when deal_states.outcome = 'won' and outcome_entries.entered_at is null then 1 else 0 end as wins,
  case when deal_states.outcome = 'won' then wins_in_time.is_date_only end as won_is_date_only,
  coalesce(deals_feed.is_deleted, false) as is_deleted,
  case when deal_states.outcome = 'won' then wins_in_time.won_at end as won_at,
  case when deal_states.outcome = 'won' then outcome_entries.recorded_at end as won_recorded_at,
  case when deal_states.outcome = 'lost' then outcome_entries.entered_at end as lost_at,
  deals_feed.close_date_at,
  deals_feed.created_at,
  deals_feed.updated_at
from deals_feed
cross join settings
inner join deal_states
  on deal_states.source = deals_feed.source
  and deal_states.deal_id = deals_feed.deal_id
inner join wins_in_time
  on wins_in_time.source = deals_feed.source
  and wins_in_time.deal_id = deals_feed.deal_id
left join outcome_entries
  on outcome_entries.source = deals_feed.source
  and outcome_entries.deal_id = deals_feed.deal_id
left join wins_by_history
  on wins_by_history.source = deals_feed.source
  and wins_by_history.deal_id = deals_feed.deal_id
