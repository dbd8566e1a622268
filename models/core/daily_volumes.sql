/*
description: >-
  How much happened on each of the last seventy days: conversions by type and CRM; events by name, source and, where the
  event tells it as its property `device_type`, kind of device. Days without any are absent. One row per count and day.
grain: [subject, day]
columns:
  subject: { type: text, description: "What is counted, its source and device.", tests: [not_null] }
  day: { type: date, description: "Day in the project's time zone.", tests: [not_null] }
  volume: { type: bigint, description: How many there were., tests: [not_null] }
*/
select
  conversions.conversion_type || ' conversions, ' || conversions.source as subject,
  conversions.converted_date as day,
  count(*) as volume
from conversions
cross join clock
where conversions.converted_date >= clock.today - 70
group by conversions.conversion_type, conversions.source, conversions.converted_date

union all

select
  events.event_name || ' events, ' || events.source || coalesce(', ' || fold_case(json_text(events.properties, 'device_type')), ''),
  local_date(events.occurred_at, settings.time_zone),
  count(*)
from events
cross join settings
cross join clock
where events.occurred_at >= day_start(clock.today - 70, settings.time_zone)
group by
  events.event_name || ' events, ' || events.source || coalesce(', ' || fold_case(json_text(events.properties, 'device_type')), ''),
  local_date(events.occurred_at, settings.time_zone)
