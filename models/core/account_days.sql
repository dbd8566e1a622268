/*
description: >-
  The days (weeks, months) of ad accounts with spend, and whether the platform will still restate them. A day is final
  once every stream that the account's spend comes from says so; a week or month when its last day is. One row per
  platform, account, grain and day.
grain: [platform, account_id, source_grain, spend_date]
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  source_grain: { type: text, description: "Grain in which the platform reports: day, week or month; spend_date is its first day.", tests: [not_null, { accepted_values: [day, week, month] }] }
  is_final: { type: boolean, description: Whether the platform will not restate it any more., tests: [not_null] }
  spend_date: { type: date, description: "Day of delivery in the account's time zone, never shifted.", tests: [not_null] }
*/
-- Apart from spend_daily, so that the day on which an account's days become final touches those days only.
with days as (
  select distinct
    platform,
    account_id,
    coalesce(source_grain, 'day') as source_grain,
    spend_date
  from ad_spend_feed
),

finality as (
  select
    replace(connector, '-', '_') as platform,
    account_id,
    case when count(*) = count(final_to) then min(final_to) end as final_to
  from source_coverage
  where feed = 'ad_spend'
  group by replace(connector, '-', '_'), account_id
)

select
  days.platform,
  days.account_id,
  days.source_grain,
  coalesce(next_period_start(days.spend_date, days.source_grain) <= finality.final_to + 1, false) as is_final,
  days.spend_date
from days
left join finality
  on finality.platform = days.platform
  and finality.account_id = days.account_id
