/*
description: >-
  Ad accounts that report spend by week or month while conversions come by day: numbers of finer periods are refused
  for their channels. One row per account and grain.
grain: [subject]
tags: [data]
check:
  gates: alignment
  remedy: "Export that spend by day; until then ask for the grain named, up to the day named."
columns:
  subject: { type: text, description: "Platform, account and grain.", tests: [not_null, unique] }
  day: { type: date, description: Last day that the spend covers., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: Grains and last days., tests: [not_null] }
*/
select
  account_days.platform || case when account_days.account_id = '' then '' else ' ' || account_days.account_id end || ' by ' || account_days.source_grain as subject,
  next_period_start(max(account_days.spend_date), account_days.source_grain) - 1 as day,
  'warning' as severity,
  'spend by ' || account_days.source_grain || ' (last ' || cast(next_period_start(max(account_days.spend_date), account_days.source_grain) - 1 as text)
    || '), conversions by day (last ' || coalesce(cast(min(conversions_end.last_day) as text), 'none') || '): use by '
    || account_days.source_grain || ' through '
    || cast(next_period_start(max(account_days.spend_date), account_days.source_grain) - 1 as text) as detail
from account_days
cross join (select max(converted_date) as last_day from conversions) as conversions_end
where account_days.source_grain <> 'day'
group by account_days.platform, account_days.account_id, account_days.source_grain
