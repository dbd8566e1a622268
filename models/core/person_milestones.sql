/*
description: >-
  The first event of each person that makes a lead, mql, sql or opportunity by the declared definition of its day
  (`stage_definitions`), and the contact whose milestone it is: the person's first. As shipped, the first form dates the lead
  of a contact that was created later. One row per person and conversion type.
grain: [person_id, conversion_type]
key: person_id
lookups:
  events: { event_id: event_people.event_id }
columns:
  person_id: { type: text, description: Person., tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql or opportunity.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity] }] }
  source: { type: text, description: CRM of the contact; NULL where the person is no contact. }
  contact_id: { type: text, description: The first contact of the person; NULL where there is none. }
  event_id: { type: text, description: "The event, as in `events`.", tests: [not_null] }
  event_source: { type: text, description: System that tells the event., tests: [not_null] }
  happening: { type: text, description: "form: a form was filled in; event: the event was named.", tests: [not_null, { accepted_values: [form, event] }] }
  definition_version: { type: text, description: "Version of the definition, as in `stage_definitions`.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When it was received; NULL where that is not told. }
*/
with ranked_contacts as (
  select
    person_id,
    source,
    contact_id,
    row_number() over (
      partition by person_id
      order by created_at nulls last, byte_order(source), byte_order(contact_id)
    ) as place
  from contacts
  where not is_deleted
),

-- Forms are events of any of the names in form_events.
definitions as (
  select *, stage_id as event_name
  from stage_definitions
  where record = 'event' and happening = 'event' and conversion_type <> 'customer'

  union all

  select stage_definitions.*, form_events.event_name
  from stage_definitions
  cross join form_events
  where stage_definitions.happening = 'form' and stage_definitions.conversion_type <> 'customer'
),

dated_events as (
  select
    events.event_id,
    events.source,
    fold_case(events.event_name) as event_name,
    local_date(events.occurred_at, settings.time_zone) as occurred_date,
    events.occurred_at,
    events.received_at
  from events
  cross join settings
  where fold_case(events.event_name) in (select event_name from definitions)
),

matches as (
  select
    event_people.person_id,
    definitions.conversion_type,
    ranked_contacts.source,
    ranked_contacts.contact_id,
    dated_events.event_id,
    dated_events.source as event_source,
    definitions.happening,
    definitions.definition_version,
    dated_events.occurred_at,
    dated_events.received_at as recorded_at,
    row_number() over (
      partition by event_people.person_id, definitions.conversion_type
      order by dated_events.occurred_at, byte_order(dated_events.event_id), definitions.alternative
    ) as place
  from dated_events
  inner join event_people
    on event_people.event_id = dated_events.event_id
  inner join definitions
    on definitions.event_name = dated_events.event_name
  left join ranked_contacts
    on ranked_contacts.person_id = event_people.person_id
    and ranked_contacts.place = 1
  where event_people.person_id is not null
    -- a form of nobody's contact is evidence, unless the definition says that forms make leads
    and (definitions.record = 'event' or ranked_contacts.contact_id is not null)
    and coalesce(definitions.source, dated_events.source) = dated_events.source
    and dated_events.occurred_date >= coalesce(definitions.valid_from, dated_events.occurred_date)
    and dated_events.occurred_date <= coalesce(definitions.valid_to, dated_events.occurred_date)
)

select
  person_id,
  conversion_type,
  source,
  contact_id,
  event_id,
  event_source,
  happening,
  definition_version,
  occurred_at,
  recorded_at
from matches
where place = 1
