/*
description: >-
  Money that cannot be put into the project's currency: no exchange rate was published by its day. It is in no sum. One
  row per kind and currency.
grain: [subject]
tags: [data]
check:
  gates: coverage
  remedy: "Add the rates to the feed fx_rates, or to models/reference/exchange_rates.csv. The rows: `revops query \"select * from spend_daily where spend_reporting is null\"`, or `revops query \"select * from conversions where amount is not null and amount_reporting is null\"`."
columns:
  subject: { type: text, description: "Spend or conversions, and the currency.", tests: [not_null, unique] }
  day: { type: date, description: Last day without a rate., tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: How much of it., tests: [not_null] }
  rows_without_rate: { type: bigint, description: Rows., tests: [not_null] }
*/
with unconverted as (
  select 'spend' as kind, currency, spend_date as day
  from spend_daily
  where spend_reporting is null
    and spend <> 0

  union all

  select 'conversions', currency, converted_date
  from conversions
  where amount is not null
    and amount_reporting is null
)

select
  kind || ' in ' || coalesce(currency, 'no currency') as subject,
  max(day) as day,
  'error' as severity,
  cast(count(*) as text) || ' rows without an exchange rate, the first of ' || cast(min(day) as text) as detail,
  count(*) as rows_without_rate
from unconverted
group by kind, currency
