/*
description: >-
  Sources whose data ends too long before the build. Days of an ad account end at its midnight; a source of changes
  reaches the moment up to which all changes are loaded. Sources that only carry rates and costs are left out; what
  promises no freshness, as files that people bring when they have them, is a warning. And ad accounts that answer and tell
  of no spend for two days or more, though they spent on every one of the 28 days before. One row per stale source and account.
grain: [subject]
tags: [data]
check:
  gates: freshness
  remedy: "See `revops query \"select * from source_freshness\"`, `revops runs` and `revops gaps`, run `revops sync` for the source, and look at its credentials and quota."
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
),

last_days as (
  select
    account_days.platform,
    account_days.account_id,
    max(account_days.spend_date) as last_day
  from account_days
  where account_days.source_grain = 'day'
  group by account_days.platform, account_days.account_id
),

-- How often it spent before it fell silent.
silent as (
  select
    last_days.platform,
    last_days.account_id,
    last_days.last_day,
    count(distinct account_days.spend_date) as days
  from last_days
  inner join account_days
    on account_days.platform = last_days.platform
    and account_days.account_id = last_days.account_id
    and account_days.source_grain = 'day'
    and account_days.spend_date > last_days.last_day - 28
  group by last_days.platform, last_days.account_id, last_days.last_day
),

reached as (
  select
    replace(source_coverage.connector, '-', '_') as platform,
    source_coverage.account_id,
    max(source_coverage.covered_to) as covered_to,
    case when max(source_coverage.sla_hours) is null then 'warning' else 'error' end as severity
  from source_coverage
  where source_coverage.feed = 'ad_spend'
  group by replace(source_coverage.connector, '-', '_'), source_coverage.account_id
)

-- Rounded up: what ends a minute too early does not end as early as is allowed.
select
  behind.subject,
  behind.day,
  behind.severity,
  coalesce(
    'ends ' || rtrim(rtrim(cast(cast(0.1 * ceil(10 * behind.hours_behind - 0.001) as decimal(18,1)) as text), '0'), '.')
      || ' hours before the build, '
      || rtrim(rtrim(cast(cast(behind.sla_hours as decimal(18,1)) as text), '0'), '.') || ' are allowed',
    'was never loaded'
  ) as detail,
  behind.hours_behind
from behind
where behind.hours_behind is null
  or behind.hours_behind > behind.sla_hours

union all

select
  silent.platform || ' ' || silent.account_id || ' spend',
  silent.last_day,
  reached.severity,
  'no spend since ' || cast(silent.last_day as text) || ', ' || cast(reached.covered_to - silent.last_day as text)
    || ' days up to ' || cast(reached.covered_to as text) || ', though there was some on each of 28 days before',
  cast((reached.covered_to - silent.last_day) * 24 as double precision)
from silent
inner join reached
  on reached.platform = silent.platform
  and reached.account_id = silent.account_id
where silent.days = 28
  and reached.covered_to - silent.last_day >= 2
  and reached.covered_to - silent.last_day < 30
