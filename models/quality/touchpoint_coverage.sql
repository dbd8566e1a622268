/*
description: >-
  Channels whose touchpoints vanish: of the last 7, 14 or 28 days, more than the allowed share fewer than in the eight weeks
  before, and so many fewer that chance or the channel's usual scatter explain it in less than one of a thousand cases;
  where the platform tells the channel's clicks, fewer than these fell. Days that a source is not known for are not judged, and
  a source that is late is left out where the channel has others. Channels whose touchpoints were counted on days of
  the last 90 (`reported_touches`, of this baseline), or credited in them, and are there no more: no chance is in that. Chance
  is judged as in volume_drop, of weeks. One row per channel and kind.
grain: [subject]
tags: [attribution]
check:
  gates: coverage
  remedy: "Compare `revops query \"select * from daily_touches order by day\"` with what the site's own statistics and the platform say of the channel: a tag, a redirect that drops parameters, a consent banner, a changed rule (`revops diff touchpoints`), rows that were deleted."
columns:
  subject: { type: text, description: "The channel; with \", counted\" where days have lost what they had, with \", credited\" where what was credited is gone.", tests: [not_null, unique] }
  day: { type: date, description: Last day that is judged., tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: The count and what was expected., tests: [not_null] }
  channel: { type: text, description: The channel., tests: [not_null] }
  observed: { type: bigint, description: Touchpoints that are there., tests: [not_null] }
  expected: { type: double, description: Touchpoints that there should be., tests: [not_null] }
*/
-- The last day that each source of a channel's touchpoints is known for: an unknown day is no zero.
with sources as (
  select
    told.channel,
    told.feed,
    told.source,
    least(
      clock.today - 1,
      coalesce(min(local_date(source_freshness.known_until, settings.time_zone)) - 1, clock.today - 1)
    ) as last_day,
    max(case when source_freshness.is_late then 1 else 0 end) as lateness
  from (select distinct channel, feed, source from daily_touches where touches > 0) as told
  cross join clock
  cross join settings
  left join source_freshness
    on source_freshness.feed = told.feed
    and source_freshness.source = told.source
  group by told.channel, told.feed, told.source, clock.today
),

least_late as (
  select channel, min(lateness) as lateness
  from sources
  group by channel
),

-- What a late source tells of is left out, before as well as lately, beside one that is in time: `freshness` tells of it.
judged as (
  select sources.channel, sources.feed, sources.source, sources.last_day
  from sources
  inner join least_late
    on least_late.channel = sources.channel
    and least_late.lateness = sources.lateness
),

horizons as (
  select channel, min(last_day) as last_day
  from judged
  group by channel
),

-- Weeks back from that day: 0 is the last one.
counted_weeks as (
  select
    daily_touches.channel,
    cast(floor((horizons.last_day - daily_touches.day) / cast(7 as double precision)) as bigint) as age,
    sum(case when judged.channel is not null then daily_touches.touches else 0 end) as touches,
    sum(daily_touches.clicks) as clicks
  from daily_touches
  inner join horizons
    on horizons.channel = daily_touches.channel
  left join judged
    on judged.channel = daily_touches.channel
    and judged.feed = daily_touches.feed
    and judged.source = daily_touches.source
  where daily_touches.day between horizons.last_day - 83 and horizons.last_day
  group by
    daily_touches.channel,
    cast(floor((horizons.last_day - daily_touches.day) / cast(7 as double precision)) as bigint)
),

weeks as (
  select
    channels.channel,
    ages.age,
    cast(coalesce(counted_weeks.touches, 0) as double precision) as touches,
    cast(coalesce(counted_weeks.clicks, 0) as double precision) as clicks
  from (select distinct channel from counted_weeks) as channels
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) as ages(age)
  left join counted_weeks
    on counted_weeks.channel = channels.channel
    and counted_weeks.age = ages.age
),

spans as (
  select length
  from (values (1), (2), (4)) as listed(length)
),

medians as (
  select
    weeks.channel,
    spans.length,
    percentile_cont(0.5) within group (order by weeks.touches) as touches,
    percentile_cont(0.5) within group (order by weeks.clicks) as clicks
  from weeks
  cross join spans
  where weeks.age >= spans.length
    and weeks.age < spans.length + 8
  group by weeks.channel, spans.length
  having count(*) filter (where weeks.touches > 0) >= 4
),

scatters as (
  select
    medians.channel,
    medians.length,
    medians.touches,
    medians.clicks,
    greatest(
      1,
      power(cast(1.4826 as double precision) * percentile_cont(0.5) within group (order by abs(weeks.touches - medians.touches)), 2)
        / medians.touches
    ) as dispersion
  from medians
  inner join weeks
    on weeks.channel = medians.channel
    and weeks.age >= medians.length
    and weeks.age < medians.length + 8
  where medians.touches > 0
  group by medians.channel, medians.length, medians.touches, medians.clicks
),

lately as (
  select
    weeks.channel,
    spans.length,
    cast(sum(weeks.touches) as bigint) as observed,
    sum(weeks.clicks) as clicks
  from weeks
  cross join spans
  where weeks.age < spans.length
  group by weeks.channel, spans.length
),

-- Who buys fewer clicks has fewer visits; more of them ask for nothing, since they may be of another kind.
compared as (
  select
    lately.channel,
    lately.length,
    lately.observed,
    scatters.touches * lately.length
      * case
          when scatters.clicks > 0
            then least(cast(1 as double precision), lately.clicks / cast(scatters.clicks * lately.length as double precision))
          else 1
        end as expected,
    -- The median of eight weeks is itself uncertain: its variance is 1.57 of an eighth of theirs.
    scatters.dispersion * (1 + 1.57 * lately.length / cast(8 as double precision)) as excess_variance,
    scatters.clicks > 0 as has_clicks
  from lately
  inner join scatters
    on scatters.channel = lately.channel
    and scatters.length = lately.length
),

fewer as (
  select
    compared.channel,
    compared.length,
    compared.observed,
    compared.expected,
    compared.has_clicks,
    row_number() over (partition by compared.channel order by compared.length) as place
  from compared
  cross join check_settings
  where compared.expected >= 10
    and compared.observed < (1 - check_settings.volume_change) * compared.expected
    and (
      power(compared.expected / cast(compared.observed + 1 as double precision), 1 / cast(3 as double precision))
      - 1 + 1 / cast(9 * (compared.observed + 1) as double precision)
    ) * 3 * sqrt(cast(compared.observed + 1 as double precision)) / sqrt(compared.excess_variance) > 3.09
),

known_touches as (
  select channel, day, sum(touches) as touches
  from daily_touches
  group by channel, day
),

counted as (
  select
    reported_touches.channel,
    cast(sum(reported_touches.touches) as bigint) as reported,
    cast(coalesce(sum(known_touches.touches), 0) as bigint) as known
  from reported_touches
  cross join clock
  cross join settings
  left join known_touches
    on known_touches.channel = reported_touches.channel
    and known_touches.day = reported_touches.day
  where reported_touches.day >= clock.today - 90
    and reported_touches.baseline_id is not distinct from settings.baseline_id
  group by reported_touches.channel
),

credited as (
  select distinct settled_credits.touchpoint_id, settled_credits.channel
  from settled_credits
  cross join clock
  where settled_credits.converted_date > clock.today - 90
    and settled_credits.touchpoint_id <> '(unattributed)'
),

gone as (
  select
    credited.channel,
    count(*) as touchpoints,
    count(touchpoints.touchpoint_id) as found
  from credited
  left join touchpoints
    on touchpoints.touchpoint_id = credited.touchpoint_id
  group by credited.channel
)

select
  fewer.channel as subject,
  horizons.last_day as day,
  'error' as severity,
  cast(fewer.observed as text) || ' touchpoints in ' || cast(7 * fewer.length as text) || ' days instead of '
    || cast(cast(fewer.expected as decimal(18,1)) as text) || ', by the eight weeks before'
    || case when fewer.has_clicks then ' and the clicks' else '' end as detail,
  fewer.channel,
  fewer.observed,
  fewer.expected
from fewer
inner join horizons
  on horizons.channel = fewer.channel
where fewer.place = 1

union all

select
  gone.channel || ', credited',
  clock.today - 1,
  'error',
  cast(gone.touchpoints - gone.found as text) || ' of ' || cast(gone.touchpoints as text)
    || ' touchpoints with credit for conversions of the last 90 days are there no more',
  gone.channel,
  gone.found,
  cast(gone.touchpoints as double precision)
from gone
cross join clock
cross join check_settings
where proven_share(gone.touchpoints - gone.found, gone.touchpoints) > check_settings.most_vanished

union all

select
  counted.channel || ', counted',
  clock.today - 1,
  'error',
  cast(counted.reported - counted.known as text) || ' of ' || cast(counted.reported as text)
    || ' touchpoints that days of the last 90 had are there no more',
  counted.channel,
  counted.known,
  cast(counted.reported as double precision)
from counted
cross join clock
cross join check_settings
where counted.reported >= 10
  and counted.known < (1 - check_settings.most_vanished) * counted.reported
