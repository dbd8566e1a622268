/*
description: >-
  Facts of the last 90 days that too often are nobody's: conversions and events without a person, forms and payers that no
  CRM knows. One row per kind of fact and source.
grain: [subject]
tags: [data]
check:
  remedy: "See `revops query \"select reason, count(*) from event_people group by 1\"` for why events join nobody, `revops trace deal` for a deal without people, and `revops query \"select * from conversion_sources where rule = 'no_conversion'\"` for what no CRM knows."
columns:
  subject: { type: text, description: Kind of fact and its source., tests: [not_null, unique] }
  day: { type: date, description: Day of the latest one., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  facts: { type: bigint, description: All such facts., tests: [not_null] }
  orphans: { type: bigint, description: "Those that are nobody's.", tests: [not_null] }
*/
with facts as (
  select conversion_type || ' conversions, ' || source as subject, person_id is null as is_orphan, converted_date as day
  from conversions

  union all

  select
    events.source || ' events',
    event_people.person_id is null,
    local_date(events.occurred_at, settings.time_zone)
  from events
  cross join settings
  left join event_people
    on event_people.event_id = events.event_id

  union all

  select
    conversion_sources.record_type || ' records, ' || conversion_sources.source,
    conversion_sources.rule = 'no_conversion',
    local_date(conversion_sources.occurred_at, settings.time_zone)
  from conversion_sources
  cross join settings
  where conversion_sources.record_type in ('form', 'billing_customer')
),

counted as (
  select facts.subject, max(facts.day) as day, count(*) as facts, count(*) filter (where facts.is_orphan) as orphans
  from facts
  cross join clock
  where facts.day > clock.today - 90
    and facts.day <= clock.today
  group by facts.subject
)

select
  counted.subject,
  counted.day,
  'warning' as severity,
  cast(counted.orphans as text) || ' of ' || cast(counted.facts as text) || ' belong to nobody who is known' as detail,
  counted.facts,
  counted.orphans
from counted
cross join check_settings
where counted.facts >= 20
  and counted.orphans > check_settings.most_orphans * counted.facts
