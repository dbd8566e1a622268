/*
description: >-
  Sources whose data ends too long before the build. Days of an ad account end at its midnight; a source of changes
  reaches the moment up to which all changes are loaded. Sources that only carry rates and costs are left out; what
  promises no freshness, as files that people bring when they have them, is a warning. One row per stale source and account.
grain: [subject]
tags: [data]
check:
  gates: freshness
  remedy: "See `revops runs` and `revops gaps`, run `revops sync` for the source, and look at its credentials and quota."
columns:
  subject: { type: text, description: "Connector and stream, with the ad account where there is one.", tests: [not_null, unique] }
  day: { type: date, description: "Last day it reaches in the project's time zone; NULL where it was never loaded." }
  severity: { type: text, description: "error; warning where the source promises no freshness.", tests: [not_null] }
  detail: { type: text, description: How far behind it is., tests: [not_null] }
  hours_behind: { type: double, description: "Hours from the end of its data to the build; NULL where it was never loaded." }
*/
with sources as (
  select
    connector || '.' || stream || case when account_id = '' then '' else ' ' || account_id end as subject,
    case when source_coverage.sla_hours is null then 'warning' else 'error' end as severity,
    coalesce(source_coverage.sla_hours, check_settings.freshness_hours) as sla_hours,
    coalesce(covered_until, day_start(covered_to + 1, time_zone)) as reached_at
  from source_coverage
  cross join check_settings
  where feed in (
    'ad_spend', 'ad_clicks', 'contacts', 'companies', 'deals', 'deal_stage_changes', 'contact_stage_changes', 'events', 'invoices'
  )
),

behind as (
  select
    sources.subject,
    sources.severity,
    sources.sla_hours,
    local_date(sources.reached_at, settings.time_zone) as day,
    seconds_between(sources.reached_at, clock.now_at) / cast(3600 as double precision) as hours_behind
  from sources
  cross join settings
  cross join clock
)

select
  behind.subject,
  behind.day,
  behind.severity,
  coalesce(
    'ends ' || cast(cast(behind.hours_behind as decimal(18,0)) as text) || ' hours before the build, '
      || cast(cast(behind.sla_hours as decimal(18,0)) as text) || ' are allowed',
    'was never loaded'
  ) as detail,
  behind.hours_behind
from behind
where behind.hours_behind is null
  or behind.hours_behind > behind.sla_hours
