/*
description: >-
  How much happened on each of the last 168 days: conversions by type and CRM; events by name, source and, where the
  event tells it as its property `device_type`, kind of device. Days without any are absent. One row per count, kind of
  record that it is of, and day.
grain: [subject, feed, day]
columns:
  subject: { type: text, description: "What is counted, its source and device.", tests: [not_null] }
  feed: { type: text, description: "Records that it counts: contacts, deals, events or invoices.", tests: [not_null] }
  source: { type: text, description: "System that tells of them.", tests: [not_null] }
  day: { type: date, description: "Day in the project's time zone.", tests: [not_null] }
  volume: { type: bigint, description: How many there were., tests: [not_null] }
*/
with counted_conversions as (
  select
    conversions.conversion_type || ' conversions, ' || conversions.source as subject,
    case
      when conversions.deal_id is not null then 'deals'
      when conversions.evidence = 'event' then 'events'
      when conversions.evidence = 'payment' then 'invoices'
      else 'contacts'
    end as feed,
    conversions.source,
    conversions.converted_date as day
  from conversions
  cross join clock
  where conversions.converted_date >= clock.today - 168
)

select
  subject,
  feed,
  source,
  day,
  count(*) as volume
from counted_conversions
group by subject, feed, source, day

union all

select
  events.event_name || ' events, ' || events.source || coalesce(', ' || fold_case(json_text(events.properties, 'device_type')), ''),
  'events',
  events.source,
  local_date(events.occurred_at, settings.time_zone),
  count(*)
from events
cross join settings
cross join clock
where events.occurred_at >= day_start(clock.today - 168, settings.time_zone)
group by
  events.source,
  events.event_name || ' events, ' || events.source || coalesce(', ' || fold_case(json_text(events.properties, 'device_type')), ''),
  local_date(events.occurred_at, settings.time_zone)
