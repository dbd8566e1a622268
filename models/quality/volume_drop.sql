/*
description: >-
  Complete days, of the last seven, on which something happened far less or far more often than on the same weekday
  before (`daily_volumes`). Judged against the median of the up to eight same weekdays before, of at least four, holidays
  apart; days before a count began do not count as zeros. More than the allowed share off asks to be investigated; a drop that chance does not explain is an error: fewer than a Poisson count
  of that median gives in 1 % of days, by the approximation of Wilson and Hilferty (1931), or more than 3.5 robust
  standard deviations below (median absolute deviation; Iglewicz and Hoaglin 1993). A rise is for a look only: growth is
  none of our business, double counting is. One row per count and day.
grain: [subject, day]
tags: [data]
check:
  gates: volume
  remedy: "Look whether the tag, form or integration still fires, on every device; acknowledge what is real with `revops ack volume_drop`."
columns:
  subject: { type: text, description: "What is counted, its source and device.", tests: [not_null] }
  day: { type: date, description: "Day in the project's time zone.", tests: [not_null] }
  severity: { type: text, description: "error, or investigate.", tests: [not_null, { accepted_values: [error, investigate] }] }
  detail: { type: text, description: The count and what was expected., tests: [not_null] }
  observed: { type: bigint, description: Count of the day., tests: [not_null] }
  expected: { type: double, description: Median of the same weekdays before., tests: [not_null] }
  weekdays: { type: bigint, description: Same weekdays that the median is of., tests: [not_null] }
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
  select subjects.subject, subjects.first_day, horizon.last_day - ages.age as day
  from (select subject, min(day) as first_day from daily_volumes group by subject) as subjects
  cross join horizon
  cross join (values (0), (1), (2), (3), (4), (5), (6)) as ages(age)
  left join holidays
    on holidays.holiday = horizon.last_day - ages.age
  where holidays.holiday is null
),

weekdays_before as (
  select judged.subject, judged.day, cast(coalesce(daily_volumes.volume, 0) as double precision) as volume
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
  select subject, day, count(*) as weekdays, percentile_cont(0.5) within group (order by volume) as expected
  from weekdays_before
  group by subject, day
),

deviations as (
  select
    medians.subject,
    medians.day,
    medians.weekdays,
    medians.expected,
    percentile_cont(0.5) within group (order by abs(weekdays_before.volume - medians.expected)) as deviation
  from medians
  inner join weekdays_before
    on weekdays_before.subject = medians.subject
    and weekdays_before.day = medians.day
  group by medians.subject, medians.day, medians.weekdays, medians.expected
),

measured as (
  select
    deviations.subject,
    deviations.day,
    deviations.weekdays,
    deviations.expected,
    deviations.deviation,
    coalesce(daily_volumes.volume, 0) as observed,
    -- A cube root of the ratio is nearly normal: beyond 2.326 lies 1 %.
    (
      power(deviations.expected / cast(coalesce(daily_volumes.volume, 0) + 1 as double precision), 1 / cast(3 as double precision))
      - 1 + 1 / cast(9 * (coalesce(daily_volumes.volume, 0) + 1) as double precision)
    ) * 3 * sqrt(cast(coalesce(daily_volumes.volume, 0) + 1 as double precision)) as surprise
  from deviations
  left join daily_volumes
    on daily_volumes.subject = deviations.subject
    and daily_volumes.day = deviations.day
),

off as (
  select
    measured.*,
    measured.observed < (1 - check_settings.volume_change) * measured.expected as is_drop,
    measured.surprise > cast(2.3263 as double precision)
      or (
        measured.deviation > 0
        and measured.expected - measured.observed > 3.5 * 1.4826 * measured.deviation
      ) as is_improbable
  from measured
  cross join check_settings
  where measured.weekdays >= 4
    and (
      measured.observed < (1 - check_settings.volume_change) * measured.expected
      or measured.observed > (1 + check_settings.volume_change) * measured.expected
    )
)

select
  subject,
  day,
  case when is_drop and is_improbable then 'error' else 'investigate' end as severity,
  cast(observed as text) || ' instead of ' || cast(cast(expected as decimal(18,1)) as text) || ', the median of '
    || cast(weekdays as text) || ' such weekdays before' as detail,
  observed,
  expected,
  weekdays
from off
-- Of fewer than five a day chance takes a fifth away every other day.
where expected >= 5
  or (is_drop and is_improbable)
