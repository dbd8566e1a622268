/*
description: >-
  Conversions and events whose times cannot be right or come late: recorded long after they happened (95th percentile of the last
  90 days, apart for people, machines and imports: `recording_delays`), lying in the future, or mostly at midnight, which
  are days without a time. One row per source, actor and fault.
grain: [subject]
tags: [data]
check:
  remedy: "Have the CRM set dates by workflow instead of by hand; see which records with `revops query \"select * from conversions order by drift_seconds desc nulls last\"`."
columns:
  subject: { type: text, description: "Type of conversion or events, source, actor and fault.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest such conversion., tests: [not_null] }
  severity: { type: text, description: "error for times in the future, else warning.", tests: [not_null] }
  detail: { type: text, description: What is wrong with how many., tests: [not_null] }
  records: { type: bigint, description: How many., tests: [not_null] }
*/
with delays as (
  select
    case when kind = 'event' then 'events, ' else kind || ' conversions, ' end || source || case when actor = '(unknown)' then '' else ', ' || actor end as subject,
    records,
    future_records,
    midnight_records,
    median_hours,
    p95_hours,
    longest_hours,
    last_date
  from recording_delays
)

select
  delays.subject || ': recorded late' as subject,
  delays.last_date as day,
  'warning' as severity,
  'half within ' || cast(cast(delays.median_hours as decimal(18,1)) as text) || ' hours, 95 % within '
    || cast(cast(delays.p95_hours as decimal(18,1)) as text) || ', all within '
    || cast(cast(delays.longest_hours as decimal(18,1)) as text) || '; '
    || cast(cast(check_settings.drift_hours as decimal(18,0)) as text) || ' are allowed for 95 %' as detail,
  delays.records
from delays
cross join check_settings
where delays.p95_hours > check_settings.drift_hours

union all

select
  subject || ': in the future',
  last_date,
  'error',
  cast(future_records as text) || ' of ' || cast(records as text) || ' lie after the build',
  future_records
from delays
where future_records > 0

union all

select
  subject || ': at midnight',
  last_date,
  'warning',
  cast(midnight_records as text) || ' of ' || cast(records as text) || ' are days without a time: touches of that day count as after them',
  midnight_records
from delays
where records >= 20
  and 2 * midnight_records > records
