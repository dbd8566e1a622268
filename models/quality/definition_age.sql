/*
description: >-
  Definitions that nobody has looked at for long: of the stages, by the day since which their version holds, and of
  attribution, by the day on which they were locked. Definitions that are as shipped or not locked were never agreed on, and
  have no age. One row per definition.
grain: [subject]
tags: [pipeline, definitions]
check:
  remedy: "Go through them (`revops query \"select * from stage_definitions\"`) with those who use them; where they still hold, give the `pipeline` in the config a new version with today as effectiveFrom; answer for the age of what is locked with `revops ack definition_age`, which costs no baseline."
columns:
  subject: { type: text, description: "The definition, and its version.", tests: [not_null, unique] }
  day: { type: date, description: Day since which it holds; NULL where it has none. }
  severity: { type: text, description: "warning, or error after the longer time.", tests: [not_null] }
  detail: { type: text, description: How old it is., tests: [not_null] }
*/
with definitions as (
  select 'stage definitions, version ' || definition_version as subject, max(valid_from) as valid_from
  from stage_definitions
  cross join clock
  where definition_version <> 'shipped'
    and coalesce(valid_from, clock.today) <= clock.today
    and coalesce(valid_to, clock.today) >= clock.today
  group by definition_version

  union all

  select 'attribution settings, baseline ' || substr(baseline_id, 1, 8), baseline_date
  from settings
  where baseline_id is not null
    and baseline_date is not null
),

ages as (
  select definitions.subject, definitions.valid_from, clock.today - definitions.valid_from as days
  from definitions
  cross join clock
)

select
  ages.subject,
  ages.valid_from as day,
  case when ages.days > check_settings.definition_error_days then 'error' else 'warning' end as severity,
  coalesce(
    'holds unchanged for ' || cast(ages.days as text) || ' days, '
      || cast(case when ages.days > check_settings.definition_error_days then check_settings.definition_error_days else check_settings.definition_warning_days end as text)
      || ' are allowed',
    'has no effectiveFrom: how old it is nobody knows'
  ) as detail
from ages
cross join check_settings
where ages.days is null
  or ages.days > check_settings.definition_warning_days
