/*
description: >-
  How long it took from the first touchpoint of a conversion's people to the conversion, over the last 365 days: however
  long before, so it tells whether the lookback of attribution is long enough. The channel (all) is everything together.
  One row per conversion type and channel.
grain: [conversion_type, channel]
columns:
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null] }
  channel: { type: text, description: "Channel of the first touchpoint; (all): everything together.", tests: [not_null] }
  conversions: { type: bigint, description: Conversions with a touchpoint before them., tests: [not_null] }
  median_days: { type: double, description: Days of 24 hours within which half of them came., tests: [not_null] }
  p90_days: { type: double, description: Days of 24 hours within which nine of ten came., tests: [not_null] }
  longest_days: { type: double, description: Days of 24 hours of the slowest., tests: [not_null] }
*/
with first_touches as (
  select
    conversions.conversion_id,
    conversions.conversion_type,
    people.original_channel as channel,
    seconds_between(people.original_at, conversions.converted_at) / cast(86400 as double precision) as days,
    row_number() over (
      partition by conversions.conversion_id
      order by people.original_at, byte_order(people.original_touchpoint_id)
    ) as place
  from conversions
  cross join clock
  inner join conversion_people
    on conversion_people.conversion_id = conversions.conversion_id
  inner join people
    on people.person_id = conversion_people.person_id
  where people.original_at <= conversions.converted_at
    and conversions.converted_date > clock.today - 365
),

with_all as (
  select conversion_type, channel, days
  from first_touches
  where place = 1

  union all

  select conversion_type, '(all)', days
  from first_touches
  where place = 1
)

select
  conversion_type,
  channel,
  count(*) as conversions,
  percentile_cont(0.5) within group (order by days) as median_days,
  percentile_cont(0.9) within group (order by days) as p90_days,
  max(days) as longest_days
from with_all
group by conversion_type, channel
