/*
description: >-
  Conversions that are contacts. lead: a contact, when created; mql and sql: a contact's first entry into that lifecycle
  stage. Deleted contacts are absent. One row per conversion.
grain: [conversion_id]
key: [source, contact_id]
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: lead:hubspot:123.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql or sql.", tests: [not_null, { accepted_values: [lead, mql, sql] }] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  contact_id: { type: text, description: The contact., tests: [not_null] }
  person_id: { type: text, description: The person that the contact is., tests: [not_null] }
  company_id: { type: text, description: Company; NULL where none. }
  evidence: { type: text, description: "What converted_at rests on: created or stage_history.", tests: [not_null] }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone." }
  converted_at: { type: timestamptz, description: When it happened. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
*/
with stage_entries as (
  select
    source,
    contact_id,
    case lifecycle_stage when 'marketingqualifiedlead' then 'mql' else 'sql' end as conversion_type,
    entered_at,
    recorded_at,
    row_number() over (partition by source, contact_id, lifecycle_stage order by entered_at) as entry
  from contact_stage_changes_feed
  where lifecycle_stage in ('marketingqualifiedlead', 'salesqualifiedlead')
),

unified as (
  select
    'lead' as conversion_type,
    source,
    contact_id,
    person_id,
    company_id,
    'created' as evidence,
    created_at as converted_at,
    created_at as recorded_at
  from contacts
  where created_at is not null and not is_deleted

  union all

  select
    stage_entries.conversion_type,
    contacts.source,
    contacts.contact_id,
    contacts.person_id,
    contacts.company_id,
    'stage_history' as evidence,
    stage_entries.entered_at as converted_at,
    stage_entries.recorded_at
  from stage_entries
  inner join contacts
    on contacts.source = stage_entries.source
    and contacts.contact_id = stage_entries.contact_id
  where stage_entries.entry = 1 and not contacts.is_deleted
)

select
  unified.conversion_type || ':' || unified.source || ':' || unified.contact_id as conversion_id,
  unified.conversion_type,
  unified.source,
  unified.contact_id,
  unified.person_id,
  unified.company_id,
  unified.evidence,
  local_date(unified.converted_at, settings.time_zone) as converted_date,
  unified.converted_at,
  unified.recorded_at
from unified
cross join settings
