/*
description: >-
  Conversions and events whose times cannot be right or come late: recorded long after they happened (95th percentile of the last
  90 days, apart for people, machines and imports: `recording_delays`; of events also more than one in a hundred), lying in
  the future, or mostly at midnight, which are days without a time. Events of which more than one in twenty were received
  before they happened, of the last 90 or of the last seven days. And close dates of which more than one in twenty are further
  than that from the day on which the history has the deal won: won deals of the last 90 days. One row per source, actor and fault.
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
    case when kind = 'event' then late_records else 0 end as late_records,
    case
      when kind <> 'event' then 0
      when 20 * week_ahead_records > week_records then week_ahead_records
      else ahead_records
    end as ahead_records,
    case when 20 * week_ahead_records > week_records then week_records else records end as judged_records,
    median_hours,
    p95_hours,
    longest_hours,
    last_date
  from recording_delays
),

close_dates as (
  select
    deals.source,
    count(*) as records,
    count(*) filter (where 24 * abs(deals.close_date_drift_days) > check_settings.drift_hours) as off_records,
    max(abs(deals.close_date_drift_days)) as longest_days,
    max(local_date(deals.won_at, settings.time_zone)) as last_date
  from deals
  cross join settings
  cross join clock
  cross join check_settings
  where deals.won_evidence = 'stage_history'
    and not deals.is_deleted
    and deals.close_date_drift_days is not null
    and local_date(deals.won_at, settings.time_zone) > clock.today - 90
  group by deals.source
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
  delays.subject || ': some late',
  delays.last_date,
  'warning',
  cast(delays.late_records as text) || ' of ' || cast(delays.records as text) || ' came '
    || cast(cast(check_settings.drift_hours as decimal(18,0)) as text) || ' hours after they happened or later, the last after '
    || cast(cast(delays.longest_hours as decimal(18,1)) as text),
  delays.late_records
from delays
cross join check_settings
where delays.records >= 20
  and 100 * delays.late_records > delays.records
  and delays.p95_hours <= check_settings.drift_hours

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

union all

select
  'close dates, ' || source || ': edited',
  last_date,
  'warning',
  cast(off_records as text) || ' of ' || cast(records as text) || ' are up to ' || cast(longest_days as text)
    || ' days from the win: reports by close date are of other months than conversions',
  off_records
from close_dates
where records >= 20
  and 20 * off_records > records

union all

select
  subject || ': ahead',
  last_date,
  'warning',
  cast(ahead_records as text) || ' of ' || cast(judged_records as text) || ' were received before they happened: the clock or time zone of the sender is wrong',
  ahead_records
from delays
where judged_records >= 5
  and records >= 20
  and 20 * ahead_records > judged_records
