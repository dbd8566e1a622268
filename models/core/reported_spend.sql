/*
description: >-
  What ad accounts spent on a day as it was known two weeks later, frozen from then on; what platforms have changed since is
  in reported_spend_restatements. Spend by day only. One row per platform, account and day.
grain: [platform, account_id, spend_date]
materialized: ledger
key: [platform, account_id, spend_date]
ledger: { period: spend_date, stamps: [reported_at] }
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the account. }
  spend: { type: 'decimal(18,6)', description: "Spend in the account's currency.", tests: [not_null] }
  spend_date: { type: date, description: "Day of delivery in the account's time zone.", tests: [not_null] }
  reported_at: { type: timestamptz, description: When it was frozen., tests: [not_null] }
*/
select
  spend_daily.platform,
  spend_daily.account_id,
  max(spend_daily.currency) as currency,
  cast(sum(spend_daily.spend) as decimal(18,6)) as spend,
  spend_daily.spend_date,
  clock.now_at as reported_at
from spend_daily
cross join clock
where spend_daily.source_grain = 'day'
  and spend_daily.spend_date < clock.today - 14
group by spend_daily.platform, spend_daily.account_id, spend_daily.spend_date, clock.now_at
