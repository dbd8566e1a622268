/*
description: >-
  How late what happened in the last 90 days was recorded: conversions, from when they happened to when the CRM learnt of
  them, apart for people, machines and imports; events, to when the collector received them. One row per kind, source and
  actor.
grain: [kind, source, actor]
columns:
  kind: { type: text, description: "lead, mql, sql, opportunity, customer, or event.", tests: [not_null] }
  source: { type: text, description: CRM or source of events that tells it., tests: [not_null] }
  actor: { type: text, description: "Who entered it: manual, automation or import; (unknown) where that is not told.", tests: [not_null] }
  records: { type: bigint, description: Conversions or events., tests: [not_null] }
  future_records: { type: bigint, description: Those that lie after the build., tests: [not_null] }
  midnight_records: { type: bigint, description: "Those at exactly midnight, of the project's zone or UTC: days without a time.", tests: [not_null] }
  late_records: { type: bigint, description: "Those that were recorded after the hours that are allowed (`driftHours`), or longer.", tests: [not_null] }
  ahead_records: { type: bigint, description: "Those that were received more than six minutes before they happened: by a clock that is ahead.", tests: [not_null] }
  week_records: { type: bigint, description: Records of the last seven days., tests: [not_null] }
  week_ahead_records: { type: bigint, description: Those of them by a clock that is ahead., tests: [not_null] }
  median_hours: { type: double, description: "Hours within which half were recorded; NULL where no delay is known." }
  p95_hours: { type: double, description: Hours within which 95 % were recorded. }
  longest_hours: { type: double, description: Hours of the last one. }
  last_date: { type: date, description: Day of the latest of them., tests: [not_null] }
*/
with happened as (
  select
    conversion_type as kind,
    source,
    coalesce(actor, '(unknown)') as actor,
    converted_date as day,
    converted_at as happened_at,
    drift_seconds / cast(3600 as double precision) as hours
  from conversions

  union all

  select
    'event',
    events.source,
    '(unknown)',
    local_date(events.occurred_at, settings.time_zone),
    events.occurred_at,
    seconds_between(events.occurred_at, events.received_at) / cast(3600 as double precision)
  from events
  cross join settings
),

recent as (
  select
    happened.kind,
    happened.source,
    happened.actor,
    happened.day,
    happened.hours,
    happened.happened_at > clock.now_at as is_future,
    happened.happened_at = day_start(happened.day, settings.time_zone)
      or happened.happened_at = day_start(local_date(happened.happened_at, 'UTC'), 'UTC') as is_midnight,
    happened.hours >= check_settings.drift_hours as is_late,
    happened.day > clock.today - 7 as is_of_week
  from happened
  cross join settings
  cross join clock
  cross join check_settings
  where happened.day > clock.today - 90
)

select
  kind,
  source,
  actor,
  count(*) as records,
  count(*) filter (where is_future) as future_records,
  count(*) filter (where is_midnight) as midnight_records,
  count(*) filter (where is_late) as late_records,
  count(*) filter (where hours < cast(-0.1 as double precision)) as ahead_records,
  count(*) filter (where is_of_week) as week_records,
  count(*) filter (where is_of_week and hours < cast(-0.1 as double precision)) as week_ahead_records,
  percentile_cont(0.5) within group (order by hours) as median_hours,
  percentile_cont(0.95) within group (order by hours) as p95_hours,
  max(hours) as longest_hours,
  max(day) as last_date
from recent
group by kind, source, actor
