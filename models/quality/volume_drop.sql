/*
description: >-
  Complete days, of the last seven, on which something happened far less or far more often than on the same weekday
  before (`daily_volumes`). Judged against the median of the up to eight same weekdays before, of at least four, holidays
  apart; days before a count began do not count as zeros. More than the allowed share off asks to be investigated; a drop
  that chance does not explain is an error, on one day, or on the last three or seven together. Chance is a Poisson count
  (approximation of Wilson and Hilferty 1931), or what the same weekdays or all days scatter around their medians where
  that is more (median absolute deviation; Iglewicz and Hoaglin 1993; nine in ten deviations, for heavy tails). A lone
  count is an error on what fewer than 1 % of days would have by it; each of m counts on what 1 % / m² would, so that any
  of them raises a false alarm on 1 % / m of days (quantile by Abramowitz and Stegun 26.2.23). A rise is for a look only:
  growth is none of our business, double counting is. One row per count and day.
grain: [subject, day]
tags: [data]
check:
  gates: volume
  remedy: "See `revops query \"select * from daily_volumes where subject = '…' order by day\"`; look whether the tag, form or integration still fires, on every device; acknowledge what is real with `revops ack volume_drop`."
columns:
  subject: { type: text, description: "What is counted, its source and device.", tests: [not_null] }
  day: { type: date, description: "Day in the project's time zone.", tests: [not_null] }
  severity: { type: text, description: "error, or investigate.", tests: [not_null, { accepted_values: [error, investigate] }] }
  detail: { type: text, description: The count and what was expected., tests: [not_null] }
  observed: { type: bigint, description: Count of the days., tests: [not_null] }
  expected: { type: double, description: "Median of the same weekdays before, summed over the days.", tests: [not_null] }
  weekdays: { type: bigint, description: Same weekdays that the median is of; the fewest of several days., tests: [not_null] }
  days: { type: integer, description: "Days judged together: 1, or up to 3 or 7 that end with this day.", tests: [not_null] }
*/
-- The last day that every source of people's actions is known for: an unknown day is no zero.
with horizon as (
  select
    least(
      clock.today - 1,
      coalesce(min(local_date(source_coverage.covered_until, settings.time_zone)) - 1, clock.today - 1)
    ) as last_day
  from clock
  cross join settings
  left join source_coverage
    on source_coverage.feed in ('contacts', 'deals', 'events')
  group by clock.today
),

judged as (
  select subjects.subject, subjects.first_day, ages.age, horizon.last_day - ages.age as day
  from (select subject, min(day) as first_day from daily_volumes group by subject) as subjects
  cross join horizon
  cross join (values (0), (1), (2), (3), (4), (5), (6)) as ages(age)
  left join holidays
    on holidays.holiday = horizon.last_day - ages.age
  where holidays.holiday is null
),

weekdays_before as (
  select judged.subject, judged.age, judged.day, cast(coalesce(daily_volumes.volume, 0) as double precision) as volume
  from judged
  cross join (values (7), (14), (21), (28), (35), (42), (49), (56)) as weeks(days)
  left join daily_volumes
    on daily_volumes.subject = judged.subject
    and daily_volumes.day = judged.day - weeks.days
  left join holidays
    on holidays.holiday = judged.day - weeks.days
  where judged.day - weeks.days >= judged.first_day
    and holidays.holiday is null
),

medians as (
  select subject, age, day, count(*) as weekdays, percentile_cont(0.5) within group (order by volume) as expected
  from weekdays_before
  group by subject, age, day
  having count(*) >= 4
),

-- How far each day before was from the median of its weekday, in standard deviations of a Poisson count.
residuals as (
  select
    medians.subject,
    medians.age,
    medians.day,
    medians.weekdays,
    medians.expected,
    abs(weekdays_before.volume - medians.expected)
      / sqrt(medians.expected * (medians.weekdays - 1) / cast(medians.weekdays as double precision)) as residual
  from medians
  inner join weekdays_before
    on weekdays_before.subject = medians.subject
    and weekdays_before.day = medians.day
  where medians.expected > 0
),

-- Visits of several pages scatter more than single events do: as many times a Poisson count's variance, by all weekdays.
dispersions as (
  select
    subject,
    greatest(
      1,
      power(cast(1.4826 as double precision) * percentile_cont(0.5) within group (order by residual), 2),
      power(percentile_cont(0.9) within group (order by residual) / cast(1.645 as double precision), 2)
    ) as dispersion
  from residuals
  group by subject
),

weekday_dispersions as (
  select
    subject,
    age,
    day,
    weekdays,
    expected,
    power(cast(1.4826 as double precision) * percentile_cont(0.5) within group (order by residual), 2) as dispersion
  from residuals
  group by subject, age, day, weekdays, expected
),

measured_days as (
  select
    weekday_dispersions.subject,
    weekday_dispersions.age,
    weekday_dispersions.day,
    weekday_dispersions.weekdays,
    weekday_dispersions.expected,
    coalesce(daily_volumes.volume, 0) as observed,
    weekday_dispersions.expected
      * greatest(weekday_dispersions.dispersion, dispersions.dispersion) as variance
  from weekday_dispersions
  inner join dispersions
    on dispersions.subject = weekday_dispersions.subject
  left join daily_volumes
    on daily_volumes.subject = weekday_dispersions.subject
    and daily_volumes.day = weekday_dispersions.day
),

-- What only shows over several days counts while it lasts: where the last day is low, too.
several_days as (
  select
    measured_days.subject,
    max(measured_days.day) as day,
    spans.days,
    min(measured_days.weekdays) as weekdays,
    sum(measured_days.expected) as expected,
    cast(sum(measured_days.observed) as bigint) as observed,
    sum(measured_days.variance) as variance
  from measured_days
  cross join (values (3), (7)) as spans(days)
  where measured_days.age < spans.days
  group by measured_days.subject, spans.days
  having min(measured_days.age) = 0
    and count(*) > 1
    and sum(case when measured_days.age = 0 then measured_days.observed - measured_days.expected end) < 0
),

measured as (
  select subject, day, 1 as days, weekdays, expected, observed, variance
  from measured_days

  union all

  select subject, day, days, weekdays, expected, observed, variance
  from several_days
),

-- Who asks about many counts is surprised by one of them more often.
asked as (
  select
    day,
    days,
    sqrt(2 * ln(100 * power(cast(count(*) as double precision), 2))) as root
  from measured
  where expected >= 5
  group by day, days
),

limits as (
  select
    day,
    days,
    root
    - cast(2.515517 + 0.802853 * root + 0.010328 * root * root as double precision)
      / (1 + 1.432788 * root + 0.189269 * root * root + 0.001308 * root * root * root) as most_surprising
  from asked
),

off as (
  select
    measured.*,
    measured.observed < (1 - check_settings.volume_change) * measured.expected as is_drop,
    -- A cube root of the ratio is nearly normal: in standard deviations of a Poisson count, and then of what is measured.
    (
      power(measured.expected / cast(measured.observed + 1 as double precision), 1 / cast(3 as double precision))
      - 1 + 1 / cast(9 * (measured.observed + 1) as double precision)
    ) * 3 * sqrt(cast(measured.observed + 1 as double precision)) * sqrt(cast(measured.expected as double precision) / measured.variance)
      > limits.most_surprising as is_improbable
  from measured
  cross join check_settings
  inner join limits
    on limits.day = measured.day
    and limits.days = measured.days
  where measured.expected >= 5
    and (
      measured.observed < (1 - check_settings.volume_change) * measured.expected
      or measured.observed > (1 + check_settings.volume_change) * measured.expected
    )
),

-- Several days together are told where none of a day is an error already.
ranked as (
  select
    off.*,
    row_number() over (
      partition by subject, day
      order by case when is_drop and is_improbable then 0 else 1 end, days
    ) as place
  from off
  where days = 1
    or (is_drop and is_improbable)
)

select
  subject,
  day,
  case when is_drop and is_improbable then 'error' else 'investigate' end as severity,
  cast(observed as text) || ' instead of ' || cast(cast(expected as decimal(18,1)) as text)
    || case when days = 1 then ', the median of ' || cast(weekdays as text) || ' such weekdays before'
       else ' in ' || cast(days as text) || ' days, by the medians of the weekdays before' end as detail,
  observed,
  expected,
  weekdays,
  days
from ranked
where place = 1
