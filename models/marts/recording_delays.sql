/*
description: >-
  How late conversions of the last 90 days were recorded, apart for people, machines and imports: from when it happened to
  when the CRM learnt of it. One row per conversion type, source and actor.
grain: [conversion_type, source, actor]
columns:
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  actor: { type: text, description: "Who entered it: manual, automation or import; (unknown) where the CRM does not tell.", tests: [not_null] }
  conversions: { type: bigint, description: Conversions of the last 90 days., tests: [not_null] }
  future_conversions: { type: bigint, description: Those that lie after the build., tests: [not_null] }
  midnight_conversions: { type: bigint, description: "Those at exactly midnight, of the project's zone or UTC: days without a time.", tests: [not_null] }
  median_hours: { type: double, description: "Hours within which half were recorded; NULL where no delay is known." }
  p95_hours: { type: double, description: Hours within which 95 % were recorded. }
  longest_hours: { type: double, description: Hours of the last one. }
  last_date: { type: date, description: Day of the latest conversion., tests: [not_null] }
*/
with recent as (
  select
    conversions.conversion_type,
    conversions.source,
    coalesce(conversions.actor, '(unknown)') as actor,
    conversions.converted_date,
    conversions.drift_seconds / cast(3600 as double precision) as drift_hours,
    conversions.converted_at > clock.now_at as is_future,
    conversions.converted_at = day_start(conversions.converted_date, settings.time_zone)
      or conversions.converted_at = day_start(local_date(conversions.converted_at, 'UTC'), 'UTC') as is_midnight
  from conversions
  cross join settings
  cross join clock
  where conversions.converted_date > clock.today - 90
)

select
  conversion_type,
  source,
  actor,
  count(*) as conversions,
  count(*) filter (where is_future) as future_conversions,
  count(*) filter (where is_midnight) as midnight_conversions,
  percentile_cont(0.5) within group (order by drift_hours) as median_hours,
  percentile_cont(0.95) within group (order by drift_hours) as p95_hours,
  max(drift_hours) as longest_hours,
  max(converted_date) as last_date
from recent
group by conversion_type, source, actor
