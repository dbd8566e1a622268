/*
description: >-
  Months of ad accounts, of the last 90 days, whose spend is not what it was two weeks after each day (`reported_spend`), by
  more than the allowed share of the month: numbers that somebody has seen have changed. One row per account and month.
grain: [subject]
tags: [data]
check:
  remedy: "Ask the platform for the credit note or the invoice; `revops query \"select * from reported_spend_restatements order by spend_date\"` has the days, `revops diff` the loads that brought them."
columns:
  subject: { type: text, description: "Platform, account and month.", tests: [not_null, unique] }
  day: { type: date, description: Last day of it that changed., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: "What it was, and is.", tests: [not_null] }
*/
with known_days as (
  select platform, account_id, spend_date, sum(spend) as spend
  from spend_daily
  where source_grain = 'day'
  group by platform, account_id, spend_date
),

compared_days as (
  select
    reported_spend.platform,
    reported_spend.account_id,
    reported_spend.currency,
    reported_spend.spend_date,
    reported_spend.spend as reported,
    coalesce(known_days.spend, 0) as known
  from reported_spend
  cross join clock
  left join known_days
    on known_days.platform = reported_spend.platform
    and known_days.account_id = reported_spend.account_id
    and known_days.spend_date = reported_spend.spend_date
  where reported_spend.spend_date >= clock.today - 90
),

months as (
  select
    platform,
    account_id,
    max(currency) as currency,
    period_start(spend_date, 'month', 'monday') as month,
    sum(reported) as reported,
    sum(known) as known,
    count(*) filter (where reported <> known) as changed_days,
    max(spend_date) filter (where reported <> known) as last_date
  from compared_days
  group by platform, account_id, period_start(spend_date, 'month', 'monday')
)

select
  months.platform || case when months.account_id = '' then '' else ' ' || months.account_id end || ' ' || substr(cast(months.month as text), 1, 7) as subject,
  months.last_date as day,
  'warning' as severity,
  cast(cast(months.known as decimal(18,2)) as text) || ' instead of ' || cast(cast(months.reported as decimal(18,2)) as text)
    || coalesce(' ' || months.currency, '') || ', by ' || cast(months.changed_days as text) || ' days restated more than two weeks later' as detail
from months
cross join check_settings
where abs(months.known - months.reported) > check_settings.most_restated * months.reported
  and months.changed_days > 0
