/*
description: >-
  How many touchpoints each channel had on a day as it was known a week later, frozen from then on, with the attribution
  baseline by which they were counted. One row per channel and day.
grain: [channel, day]
materialized: ledger
key: [channel, day]
ledger: { period: day, stamps: [baseline_id, reported_at] }
columns:
  channel: { type: text, description: Channel., tests: [not_null] }
  baseline_id: { type: text, description: Attribution baseline in force when it was frozen; NULL before the first lock. }
  touches: { type: bigint, description: Touchpoints., tests: [not_null] }
  day: { type: date, description: "Day of the touchpoints in the project's time zone.", tests: [not_null] }
  reported_at: { type: timestamptz, description: When it was frozen., tests: [not_null] }
*/
select
  daily_touches.channel,
  settings.baseline_id,
  cast(sum(daily_touches.touches) as bigint) as touches,
  daily_touches.day,
  clock.now_at as reported_at
from daily_touches
cross join clock
cross join settings
where daily_touches.day < clock.today - 7
  and daily_touches.touches > 0
group by daily_touches.channel, settings.baseline_id, daily_touches.day, clock.now_at
