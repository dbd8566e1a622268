/*
description: >-
  Conversions that events make, where the declared definition says so: milestones of people who are no contact of any CRM,
  and orders. Of several events of one order the earliest is the conversion. One row per event.
grain: [conversion_type, event_source, source_event_id]
columns:
  conversion_id: { type: text, description: "Type, source, event: and the event's id in its source: customer:shop:event:17. Of one order that of the earliest event.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  source: { type: text, description: System that tells the conversion., tests: [not_null] }
  event_source: { type: text, description: System that tells this event., tests: [not_null] }
  source_event_id: { type: text, description: Id of the event there., tests: [not_null] }
  record_type: { type: text, description: "form or event.", tests: [not_null, { accepted_values: [form, event] }] }
  is_kept: { type: boolean, description: "Whether the event is the conversion; else another tells of the same order.", tests: [not_null] }
  person_id: { type: text, description: Whose event it is; NULL where it is nobody's. }
  order_id: { type: text, description: "Number of the order; NULL where the event names none, and of milestones." }
  definition_version: { type: text, description: "Version of the definition that made it one, as in `stage_definitions`.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: Amount of the order in its currency. }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When it was received; NULL where that is not told. }
*/
with made as (
  select
    person_milestones.conversion_type,
    person_milestones.event_source,
    events.source_event_id,
    person_milestones.happening as record_type,
    events.event_id as order_key,
    person_milestones.person_id,
    cast(null as text) as order_id,
    person_milestones.definition_version,
    cast(null as text) as currency,
    cast(null as decimal(18,6)) as amount,
    person_milestones.occurred_at,
    person_milestones.recorded_at
  from person_milestones
  inner join events
    on events.event_id = person_milestones.event_id
  where person_milestones.contact_id is null

  union all

  select
    'customer' as conversion_type,
    source as event_source,
    source_event_id,
    'event' as record_type,
    coalesce('order:' || order_id, event_id) as order_key,
    person_id,
    order_id,
    definition_version,
    currency,
    amount,
    occurred_at,
    recorded_at
  from order_events
),

ranked as (
  select
    made.*,
    first_value(event_source) over (
      partition by conversion_type, order_key
      order by occurred_at, byte_order(event_source), byte_order(source_event_id)
    ) as kept_source,
    first_value(source_event_id) over (
      partition by conversion_type, order_key
      order by occurred_at, byte_order(event_source), byte_order(source_event_id)
    ) as kept_event_id
  from made
)

select
  ranked.conversion_type || ':' || ranked.kept_source || ':event:' || ranked.kept_event_id as conversion_id,
  ranked.conversion_type,
  ranked.kept_source as source,
  ranked.event_source,
  ranked.source_event_id,
  ranked.record_type,
  ranked.event_source = ranked.kept_source and ranked.source_event_id = ranked.kept_event_id as is_kept,
  ranked.person_id,
  ranked.order_id,
  ranked.definition_version,
  ranked.currency,
  ranked.amount,
  local_date(ranked.occurred_at, settings.time_zone) as converted_date,
  ranked.occurred_at as converted_at,
  ranked.recorded_at
from ranked
cross join settings
