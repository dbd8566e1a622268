/*
description: >-
  Conversions that are contacts: the first time that a contact does what the declared definition of that day says. As
  shipped a contact is a lead when created or first in that lifecycle stage, or when its person filled in a form before, mql
  and sql at its first entry into theirs. Deleted contacts are absent. One row per conversion.
grain: [conversion_id]
key: [source, contact_id]
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: lead:hubspot:123.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  contact_id: { type: text, description: The contact., tests: [not_null] }
  person_id: { type: text, description: The person that the contact is., tests: [not_null] }
  company_id: { type: text, description: Company; NULL where none. }
  definition_version: { type: text, description: "Version of the definition that made it one, as in `stage_definitions`.", tests: [not_null] }
  evidence: { type: text, description: "What converted_at rests on: created, stage_history or event.", tests: [not_null] }
  actor: { type: text, description: "Who entered it: manual, automation or import; NULL where the CRM does not tell.", tests: [{ accepted_values: [manual, automation, import] }] }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone." }
  converted_at: { type: timestamptz, description: When it happened. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
*/
with happenings as (
  select
    source,
    contact_id,
    'created' as happening,
    cast(null as text) as stage_id,
    cast(null as text) as actor,
    created_at as happened_at,
    created_at as recorded_at
  from contacts
  where created_at is not null

  union all

  select
    source,
    contact_id,
    'stage' as happening,
    lifecycle_stage as stage_id,
    actor,
    entered_at as happened_at,
    recorded_at
  from contact_stage_changes_feed
),

dated_happenings as (
  select
    happenings.source,
    happenings.contact_id,
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
    dated_happenings.contact_id,
    stage_definitions.conversion_type,
    stage_definitions.definition_version,
    case stage_definitions.happening when 'created' then 'created' else 'stage_history' end as evidence,
    dated_happenings.actor,
    dated_happenings.happened_date,
    dated_happenings.happened_at,
    dated_happenings.recorded_at,
    stage_definitions.alternative
  from dated_happenings
  inner join stage_definitions
    on stage_definitions.happening = dated_happenings.happening
    and coalesce(stage_definitions.stage_id, '') = coalesce(dated_happenings.stage_id, '')
  where stage_definitions.record = 'contact'
    and coalesce(stage_definitions.source, dated_happenings.source) = dated_happenings.source
    and dated_happenings.happened_date >= coalesce(stage_definitions.valid_from, dated_happenings.happened_date)
    and dated_happenings.happened_date <= coalesce(stage_definitions.valid_to, dated_happenings.happened_date)

  union all

  -- what a person did before or after becoming a contact
  select
    person_milestones.source,
    person_milestones.contact_id,
    person_milestones.conversion_type,
    person_milestones.definition_version,
    'event' as evidence,
    cast(null as text) as actor,
    local_date(person_milestones.occurred_at, settings.time_zone) as happened_date,
    person_milestones.occurred_at as happened_at,
    person_milestones.recorded_at,
    0 as alternative
  from person_milestones
  cross join settings
  where person_milestones.contact_id is not null
),

ranked as (
  select
    matches.*,
    row_number() over (
      partition by source, contact_id, conversion_type
      order by happened_at, alternative
    ) as place
  from matches
)

select
  ranked.conversion_type || ':' || contacts.source || ':'
    || case when ranked.conversion_type in ('opportunity', 'customer') then 'contact:' else '' end
    || contacts.contact_id as conversion_id,
  ranked.conversion_type,
  contacts.source,
  contacts.contact_id,
  contacts.person_id,
  contacts.company_id,
  ranked.definition_version,
  ranked.evidence,
  ranked.actor,
  ranked.happened_date as converted_date,
  ranked.happened_at as converted_at,
  ranked.recorded_at
from ranked
inner join contacts
  on contacts.source = ranked.source
  and contacts.contact_id = ranked.contact_id
where ranked.place = 1 and not contacts.is_deleted
