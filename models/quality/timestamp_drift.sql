/*
description: >-
  Conversions whose times cannot be right or come late: recorded long after they happened (95th percentile of the last
  90 days, by source), lying in the future, or mostly at midnight, which are days without a time. One row per source and
  fault.
grain: [subject]
check:
  remedy: "Have the CRM set dates by workflow instead of by hand; see which records with `revops query \"select * from conversions order by drift_seconds desc nulls last\"`."
columns:
  subject: { type: text, description: "Type of conversion, source and fault.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest such conversion., tests: [not_null] }
  severity: { type: text, description: "error for times in the future, else warning.", tests: [not_null] }
  detail: { type: text, description: What is wrong with how many., tests: [not_null] }
  conversions: { type: bigint, description: How many., tests: [not_null] }
*/
with recent as (
  select
    conversions.conversion_type || ' conversions, ' || conversions.source as subject,
    conversions.converted_date,
    conversions.converted_at,
    conversions.drift_seconds / cast(3600 as double precision) as drift_hours,
    conversions.converted_at > clock.now_at as is_future,
    conversions.converted_at = day_start(conversions.converted_date, settings.time_zone)
      or conversions.converted_at = day_start(local_date(conversions.converted_at, 'UTC'), 'UTC') as is_midnight
  from conversions
  cross join settings
  cross join clock
  where conversions.converted_date > clock.today - 90
),

shares as (
  select
    subject,
    count(*) as conversions,
    count(*) filter (where is_future) as future,
    count(*) filter (where is_midnight) as midnight,
    max(converted_date) as last_day,
    percentile_cont(0.5) within group (order by drift_hours) as half_within,
    percentile_cont(0.95) within group (order by drift_hours) as most_within,
    max(drift_hours) as longest
  from recent
  group by subject
)

select
  shares.subject || ': recorded late' as subject,
  shares.last_day as day,
  'warning' as severity,
  'half within ' || cast(cast(shares.half_within as decimal(18,1)) as text) || ' hours, 95 % within '
    || cast(cast(shares.most_within as decimal(18,1)) as text) || ', all within '
    || cast(cast(shares.longest as decimal(18,1)) as text) || '; '
    || cast(cast(check_settings.drift_hours as decimal(18,0)) as text) || ' are allowed for 95 %' as detail,
  shares.conversions
from shares
cross join check_settings
where shares.most_within > check_settings.drift_hours

union all

select
  subject || ': in the future',
  last_day,
  'error',
  cast(future as text) || ' of ' || cast(conversions as text) || ' lie after the build',
  future
from shares
where future > 0

union all

select
  subject || ': at midnight',
  last_day,
  'warning',
  cast(midnight as text) || ' of ' || cast(conversions as text) || ' are days without a time: touches of that day count as after them',
  midnight
from shares
where conversions >= 20
  and 2 * midnight > conversions
