/*
description: >-
  Touchpoints of each channel, and clicks on its ads as the platforms count them, on each of the last ninety days. Days
  without either are absent. One row per channel and day.
grain: [channel, day]
columns:
  channel: { type: text, description: Channel., tests: [not_null] }
  touches: { type: bigint, description: Touchpoints., tests: [not_null] }
  clicks: { type: bigint, description: Clicks that platforms report by day., tests: [not_null] }
  day: { type: date, description: "Day of the touchpoint in the project's time zone, of the clicks in the ad account's.", tests: [not_null] }
*/
with counts as (
  select
    touchpoints.channel,
    count(*) as touches,
    0 as clicks,
    local_date(touchpoints.occurred_at, settings.time_zone) as day
  from touchpoints
  cross join settings
  cross join clock
  where touchpoints.occurred_at >= day_start(clock.today - 90, settings.time_zone)
    and touchpoints.occurred_at < day_start(clock.today, settings.time_zone)
  group by touchpoints.channel, local_date(touchpoints.occurred_at, settings.time_zone)

  union all

  select
    spend_daily.channel,
    0,
    sum(spend_daily.clicks),
    spend_daily.spend_date
  from spend_daily
  cross join clock
  where spend_daily.spend_date >= clock.today - 90
    and spend_daily.spend_date < clock.today
    and spend_daily.source_grain = 'day'
  group by spend_daily.channel, spend_daily.spend_date
)

select
  channel,
  cast(sum(touches) as bigint) as touches,
  cast(sum(clicks) as bigint) as clicks,
  day
from counts
group by channel, day
