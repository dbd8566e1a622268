/*
description: >-
  Conversions that are deals. customer: each time that a deal was won, at the time it entered the won stage, else at its
  close date; `reversed_at` says of a win that was re-opened or lost since when that was. Other types: the first time that
  a deal does what the declared definition of that day says, as shipped an opportunity when it is created. Deleted deals
  are absent. One row per conversion.
grain: [conversion_id]
key: [source, deal_id]
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: customer:hubspot:123; by its second win customer:hubspot:123:2.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: The deal., tests: [not_null] }
  company_id: { type: text, description: Company; NULL where none. }
  definition_version: { type: text, description: "Version of the definition that made it one, as in `stage_definitions`.", tests: [not_null] }
  evidence: { type: text, description: "What converted_at rests on: stage_history, close_date, last_change, or created.", tests: [not_null] }
  actor: { type: text, description: "Who entered it: manual, automation or import; NULL where the CRM does not tell." }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: Amount of the deal in its currency. }
  is_date_only: { type: boolean, description: "Whether only the day is known: converted_at is then its last second in the project's time zone.", tests: [not_null] }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone." }
  converted_at: { type: timestamptz, description: When it happened. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
  reversed_at: { type: timestamptz, description: "When the win was re-opened or lost; NULL of what stands." }
*/
with happenings as (
  select
    source,
    deal_id,
    pipeline_id,
    'created' as happening,
    cast(null as text) as stage_id,
    cast(null as text) as actor,
    created_at as happened_at,
    created_at as recorded_at
  from deals
  where created_at is not null

  union all

  select
    source,
    deal_id,
    pipeline_id,
    'stage' as happening,
    stage_id,
    actor,
    entered_at as happened_at,
    recorded_at
  from deal_stages
),

dated_happenings as (
  select
    happenings.source,
    happenings.deal_id,
    happenings.pipeline_id,
    happenings.happening,
    happenings.stage_id,
    happenings.actor,
    local_date(happenings.happened_at, settings.time_zone) as happened_date,
    happenings.happened_at,
    happenings.recorded_at
  from happenings
  cross join settings
),

matches as (
  select
    dated_happenings.source,
    dated_happenings.deal_id,
    stage_definitions.conversion_type,
    stage_definitions.definition_version,
    case stage_definitions.happening when 'created' then 'created' else 'stage_history' end as evidence,
    dated_happenings.actor,
    dated_happenings.happened_at,
    dated_happenings.recorded_at,
    row_number() over (
      partition by dated_happenings.source, dated_happenings.deal_id, stage_definitions.conversion_type
      order by dated_happenings.happened_at, stage_definitions.alternative
    ) as place
  from dated_happenings
  inner join stage_definitions
    on stage_definitions.happening = dated_happenings.happening
    and coalesce(stage_definitions.stage_id, '') = coalesce(dated_happenings.stage_id, '')
  where stage_definitions.record = 'deal'
    and stage_definitions.conversion_type <> 'customer'
    and coalesce(stage_definitions.source, dated_happenings.source) = dated_happenings.source
    and (stage_definitions.pipeline_id is null or stage_definitions.pipeline_id = dated_happenings.pipeline_id)
    and dated_happenings.happened_date >= coalesce(stage_definitions.valid_from, dated_happenings.happened_date)
    and dated_happenings.happened_date <= coalesce(stage_definitions.valid_to, dated_happenings.happened_date)
),

-- What is told as a day arrives as its midnight in UTC.
ended_wins as (
  select
    source,
    deal_id,
    wins,
    definition_version,
    actor,
    coalesce(actor = 'import', false) and began_at = day_start(local_date(began_at, 'UTC'), 'UTC') as is_date_only,
    began_at,
    recorded_at,
    ended_at
  from deal_outcomes
  where outcome = 'won' and ended_at is not null
),

-- A win lasts as long as the deal stays won, and is another conversion when the deal is won again; what a deal once did
-- stays done.
milestones as (
  select
    'customer' as conversion_type,
    source,
    deal_id,
    wins,
    definition_version,
    won_evidence as evidence,
    won_actor as actor,
    coalesce(won_is_date_only, false) as is_date_only,
    won_at as converted_at,
    won_recorded_at as recorded_at,
    cast(null as timestamptz) as reversed_at
  from deals
  where outcome = 'won'

  union all

  select
    'customer' as conversion_type,
    ended_wins.source,
    ended_wins.deal_id,
    ended_wins.wins,
    ended_wins.definition_version,
    'stage_history' as evidence,
    ended_wins.actor,
    ended_wins.is_date_only,
    case
      when ended_wins.is_date_only
        then day_start(local_date(ended_wins.began_at, 'UTC') + 1, settings.time_zone) - interval '1 second'
      else ended_wins.began_at
    end as converted_at,
    ended_wins.recorded_at,
    ended_wins.ended_at as reversed_at
  from ended_wins
  cross join settings

  union all

  select
    conversion_type,
    source,
    deal_id,
    cast(null as bigint) as wins,
    definition_version,
    evidence,
    actor,
    false as is_date_only,
    happened_at as converted_at,
    recorded_at,
    null as reversed_at
  from matches
  where place = 1
)

select
  case
    when milestones.conversion_type = 'customer'
      then customer_id(milestones.source, milestones.deal_id, coalesce(milestones.wins, 1))
    else
      milestones.conversion_type || ':' || milestones.source || ':'
        || case when milestones.conversion_type in ('lead', 'mql', 'sql') then 'deal:' else '' end
        || milestones.deal_id
  end as conversion_id,
  milestones.conversion_type,
  milestones.source,
  milestones.deal_id,
  deals.company_id,
  milestones.definition_version,
  milestones.evidence,
  milestones.actor,
  deals.currency,
  deals.amount,
  milestones.is_date_only,
  local_date(milestones.converted_at, settings.time_zone) as converted_date,
  milestones.converted_at,
  milestones.recorded_at,
  milestones.reversed_at
from milestones
cross join settings
inner join deals
  on deals.source = milestones.source
  and deals.deal_id = milestones.deal_id
where not deals.is_deleted
