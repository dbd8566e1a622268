/*
description: >-
  Events that are customers by the declared definition of their day (`stage_definitions`): orders, as a shop or a product
  tells them. Events that tell of one order are one. One row per event.
grain: [event_id]
key: event_id
columns:
  event_id: { type: text, description: "The event, as in `events`.", tests: [not_null, unique] }
  source: { type: text, description: System that tells it., tests: [not_null] }
  source_event_id: { type: text, description: Id of the event there., tests: [not_null] }
  person_id: { type: text, description: Whose event it is; NULL where it is nobody's. }
  order_id: { type: text, description: "order_id, else transaction_id of the event; NULL where it has none." }
  definition_version: { type: text, description: "Version of the definition, as in `stage_definitions`.", tests: [not_null] }
  currency: { type: text, description: "currency of the event, upper case; the project's where it has none." }
  amount: { type: 'decimal(18,6)', description: "value, else revenue, else total of the event, where that is a number." }
  occurred_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When it was received; NULL where that is not told. }
*/
with matches as (
  select
    events.event_id,
    events.source,
    events.source_event_id,
    event_people.person_id,
    coalesce(json_text(events.properties, 'order_id'), json_text(events.properties, 'transaction_id')) as order_id,
    stage_definitions.definition_version,
    upper(coalesce(json_text(events.properties, 'currency'), settings.reporting_currency)) as currency,
    case
      when json_kind(events.properties, 'value') = 'number' then json_text(events.properties, 'value')
      when json_kind(events.properties, 'revenue') = 'number' then json_text(events.properties, 'revenue')
      when json_kind(events.properties, 'total') = 'number' then json_text(events.properties, 'total')
    end as amount,
    events.occurred_at,
    events.received_at as recorded_at,
    row_number() over (partition by events.event_id order by stage_definitions.alternative) as place
  from events
  cross join settings
  inner join stage_definitions
    on stage_definitions.stage_id = fold_case(events.event_name)
  left join event_people
    on event_people.event_id = events.event_id
  where stage_definitions.record = 'event'
    and stage_definitions.happening = 'event'
    and stage_definitions.conversion_type = 'customer'
    and coalesce(stage_definitions.source, events.source) = events.source
    and local_date(events.occurred_at, settings.time_zone)
      >= coalesce(stage_definitions.valid_from, local_date(events.occurred_at, settings.time_zone))
    and local_date(events.occurred_at, settings.time_zone)
      <= coalesce(stage_definitions.valid_to, local_date(events.occurred_at, settings.time_zone))
)

select
  event_id,
  source,
  source_event_id,
  person_id,
  nullif(trim(order_id), '') as order_id,
  definition_version,
  currency,
  -- no amount has more digits
  case
    when abs(cast(amount as double precision)) < 100000000000 then cast(amount as decimal(18,6))
  end as amount,
  occurred_at,
  recorded_at
from matches
where place = 1
