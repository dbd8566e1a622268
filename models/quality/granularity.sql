/*
description: >-
  Ad accounts that report spend by week or month while conversions come by day: numbers of finer periods are refused
  for their channels. One row per account and grain.
grain: [subject]
tags: [data]
check:
  gates: alignment
  remedy: "Export that spend by day; until then ask for the grain named (`revops cac --by week`), up to the day named. The rows: `revops query \"select * from account_days where source_grain <> 'day'\"`."
columns:
  subject: { type: text, description: "Platform, account and grain.", tests: [not_null, unique] }
  day: { type: date, description: Last day of the last period that both are complete for., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: "Grains and last days, and what to ask for.", tests: [not_null] }
*/
with accounts as (
  select
    platform,
    account_id,
    source_grain,
    next_period_start(max(spend_date), source_grain) - 1 as last_day
  from account_days
  where source_grain <> 'day'
  group by platform, account_id, source_grain
),

last_conversion as (
  select max(converted_date) as last_day from conversions
),

-- Up to when conversions would be known, had there been any.
known as (
  select min(local_date(source_coverage.covered_until, settings.time_zone)) - 1 as last_day
  from source_coverage
  cross join settings
  where source_coverage.feed = 'deals'
),

common as (
  select
    accounts.platform,
    accounts.account_id,
    accounts.source_grain,
    accounts.last_day as spend_to,
    last_conversion.last_day as conversions_to,
    least(
      accounts.last_day,
      greatest(coalesce(last_conversion.last_day, known.last_day), coalesce(known.last_day, last_conversion.last_day))
    ) as both_to
  from accounts
  cross join last_conversion
  cross join known
),

compared as (
  select
    common.*,
    period_start(coalesce(common.both_to, common.spend_to) + 1, common.source_grain, settings.week_start) - 1 as through,
    case common.source_grain when 'week' then 'weekly' when 'month' then 'monthly' else common.source_grain end as pace
  from common
  cross join settings
)

select
  platform || case when account_id = '' then '' else ' ' || account_id end || ' by ' || source_grain as subject,
  through as day,
  'warning' as severity,
  'spend ' || pace || ' (last ' || cast(spend_to as text) || '), conversions daily (last '
    || coalesce(cast(conversions_to as text), 'none') || '): use grain=' || source_grain
    || ' through ' || cast(through as text) as detail
from compared
