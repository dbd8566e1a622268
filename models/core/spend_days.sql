/*
description: >-
  Ad spend by channel and day in the project's currency, as it is reported: by the day, the week or the month, which stand
  on their first day. The channel (all) is everything together. One row per channel, source grain and day.
grain: [channel, source_grain, spend_date]
key: spend_date
columns:
  channel: { type: text, description: "Channel; (all): everything together.", tests: [not_null] }
  source_grain: { type: text, description: "Grain in which it is reported: day, week or month.", tests: [not_null, { accepted_values: [day, week, month] }] }
  spend: { type: 'decimal(18,6)', description: "Spend in the project's currency; NULL where an exchange rate is missing." }
  spend_date: { type: date, description: "Day, or first day of what it is reported for.", tests: [not_null] }
*/
with spend_with_total as (
  select channel, source_grain, spend_reporting, spend_date
  from spend_daily

  union all

  select '(all)' as channel, source_grain, spend_reporting, spend_date
  from spend_daily
)

select
  channel,
  source_grain,
  case when count(*) = count(spend_reporting) then cast(sum(spend_reporting) as decimal(18,6)) end as spend,
  spend_date
from spend_with_total
group by channel, source_grain, spend_date
