/*
description: >-
  Complete days, of the last seven, on which something happened far less or far more often than on the same weekday
  before (`daily_volumes`). Judged against the median of the up to eight same weekdays before, of at least four, holidays
  apart; days before a count began do not count as zeros. More than the allowed share off asks to be investigated; a drop
  that chance does not explain is an error: fewer than a Poisson count of that median gives on 1 % of days, by the
  approximation of Wilson and Hilferty (1931), measured in what the same weekdays scatter where that is more (median
  absolute deviation; Iglewicz and Hoaglin 1993); the 1 % are for all counts of a day together (Bonferroni; quantile by
  Abramowitz and Stegun 26.2.23). Or more than 3.5 such standard deviations. A rise is for a look only: growth is none of
  our business, double counting is. One row per count and day.
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
    coalesce(daily_volumes.volume, 0) as observed,
    -- A cube root of the ratio is nearly normal: in standard deviations of chance.
    (
      power(deviations.expected / cast(coalesce(daily_volumes.volume, 0) + 1 as double precision), 1 / cast(3 as double precision))
      - 1 + 1 / cast(9 * (coalesce(daily_volumes.volume, 0) + 1) as double precision)
    ) * 3 * sqrt(cast(coalesce(daily_volumes.volume, 0) + 1 as double precision)) as surprise,
    -- What the same weekdays scatter, and chance does at least.
    greatest(cast(1.4826 as double precision) * deviations.deviation, sqrt(deviations.expected)) as scatter
  from deviations
  left join daily_volumes
    on daily_volumes.subject = deviations.subject
    and daily_volumes.day = deviations.day
  where deviations.weekdays >= 4
    and deviations.expected > 0
),

-- Who asks about many counts is surprised by one of them more often: 1 % is for all counts of a day together.
asked as (
  select day, sqrt(2 * ln(100 * cast(count(*) as double precision))) as root
  from measured
  where expected >= 5
  group by day
),

limits as (
  select
    day,
    root
    - cast(2.515517 + 0.802853 * root + 0.010328 * root * root as double precision)
      / (1 + 1.432788 * root + 0.189269 * root * root + 0.001308 * root * root * root) as most_surprising
  from asked
),

off as (
  select
    measured.*,
    measured.observed < (1 - check_settings.volume_change) * measured.expected as is_drop,
    measured.surprise * sqrt(measured.expected) > measured.scatter * limits.most_surprising
      or measured.expected - measured.observed > 3.5 * measured.scatter as is_improbable
  from measured
  cross join check_settings
  inner join limits
    on limits.day = measured.day
  where measured.expected >= 5
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
