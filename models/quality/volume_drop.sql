/*
description: >-
  Counts that broke off: complete days on which something happened far less, or far more often, than on the same weekday
  before (`daily_volumes`). Each day is judged in its turn, against the median of the up to eight same weekdays before it,
  of at least four, holidays apart; days before a count began do not count as zeros, nor does a silence more than twice as
  long as any other of the eight weeks: an outage is no level. More than the allowed share off, of the last seven days, asks
  to be investigated; a drop that chance does not explain, on one day, or on three or seven together, is an error, and stays
  one for 90 days or until what was missing has come. Chance is a Poisson count (approximation of Wilson and Hilferty 1931),
  or what the same weekdays or all days scatter around their medians where that is more (median absolute deviation; Iglewicz
  and Hoaglin 1993; nine in ten deviations, for heavy tails). A lone count is an error on what fewer than 1 % of days would
  have by it; each of m counts on what 1 % / m⁴ would, or 1 % / m² where nothing came, one of 100,000 at the least: many are
  asked each day, and an error is told for ninety (quantile by Abramowitz and Stegun 26.2.23). A rise is for a look only: growth is none of our business, double counting is. It is a
  subject of its own. One row per count or rise of one, and day; errors less than a week apart are one, by its first day.
grain: [subject, day]
tags: [data]
check:
  gates: volume
  remedy: "See `revops query \"select * from daily_volumes where subject = '…' order by day\"`; look whether the tag, form or integration still fires, on every device; acknowledge what is real with `revops ack volume_drop`."
columns:
  subject: { type: text, description: "What is counted, its source and device; of rises with \", rise\".", tests: [not_null] }
  day: { type: date, description: "Day in the project's time zone, of errors the first; NULL where that is more than 90 days ago." }
  severity: { type: text, description: "error, or investigate.", tests: [not_null, { accepted_values: [error, investigate] }] }
  detail: { type: text, description: "The count, what was expected, and on how many days.", tests: [not_null] }
  observed: { type: bigint, description: Count of the days., tests: [not_null] }
  expected: { type: double, description: "Median of the same weekdays before, summed over the days.", tests: [not_null] }
  weekdays: { type: bigint, description: Same weekdays that the median is of; the fewest of several days., tests: [not_null] }
  days: { type: integer, description: "Days judged together: 1, or up to 3 or 7 that end with this day.", tests: [not_null] }
  last_day: { type: date, description: "The last such day, which the numbers are of.", tests: [not_null] }
  times: { type: bigint, description: Such days until then., tests: [not_null] }
*/
with counts as (
  select subject, day, cast(sum(volume) as bigint) as volume
  from daily_volumes
  group by subject, day
),

-- The last day that all is known for which a count is of: an unknown day is no zero, and a source that ended is no drop.
horizons as (
  select
    fed.subject,
    min(fed.first_day) as first_day,
    max(fed.newest_day) as newest_day,
    least(
      clock.today - 1,
      coalesce(min(local_date(source_freshness.known_until, settings.time_zone)) - 1, clock.today - 1)
    ) as last_day
  from (select subject, feed, source, min(day) as first_day, max(day) as newest_day from daily_volumes group by subject, feed, source) as fed
  cross join clock
  cross join settings
  left join source_freshness
    on source_freshness.source = fed.source
    and (source_freshness.feed = fed.feed or (source_freshness.feed = 'deal_stage_changes' and fed.feed = 'deals'))
  group by fed.subject, clock.today
),

-- The ninety days that errors are told of, a week before to know whether they began in it, and the six that a day is judged with.
judged as (
  select horizons.subject, horizons.first_day, clock.today - 1 - tens.number - ones.number as day
  from horizons
  cross join clock
  cross join (values (0), (10), (20), (30), (40), (50), (60), (70), (80), (90), (100)) as tens(number)
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ones(number)
  left join holidays
    on holidays.holiday = clock.today - 1 - tens.number - ones.number
  where holidays.holiday is null
    and clock.today - 1 - tens.number - ones.number between clock.today - 103 and horizons.last_day
),

-- Days without any, between two days with some; before_day is NULL of those that last.
silences as (
  select
    subject,
    day as after_day,
    lead(day) over (partition by subject order by day) as before_day
  from counts
),

-- As known on the day itself, of the eight weeks before it.
ranked_silences as (
  select
    measured.*,
    row_number() over (partition by subject, day order by length desc nulls last, after_day) as place,
    lead(length) over (partition by subject, day order by length desc nulls last, after_day) as next_length
  from (
    select
      judged.subject,
      judged.day,
      silences.after_day,
      least(coalesce(silences.before_day, judged.day), judged.day) as before_day,
      least(coalesce(silences.before_day, judged.day), judged.day) - greatest(silences.after_day, judged.day - 57) - 1 as length
    from judged
    inner join silences
      on silences.subject = judged.subject
      and silences.after_day < judged.day - 1
      and coalesce(silences.before_day, judged.day) > judged.day - 56
      and coalesce(silences.before_day, judged.day) > silences.after_day + 1
  ) as measured
),

-- Nothing is no level, but fewer become one, after five weeks: a budget that was cut by half is no outage. Counts that pause now
-- and then have other silences as long.
outages as (
  select subject, day, after_day, before_day
  from ranked_silences
  where place = 1
    and length > 2 * coalesce(next_length, 0)
),

weekdays_before as (
  select judged.subject, judged.day, cast(coalesce(counts.volume, 0) as double precision) as volume
  from judged
  cross join (values (7), (14), (21), (28), (35), (42), (49), (56)) as weeks(days)
  left join counts
    on counts.subject = judged.subject
    and counts.day = judged.day - weeks.days
  left join holidays
    on holidays.holiday = judged.day - weeks.days
  left join outages
    on outages.subject = judged.subject
    and outages.day = judged.day
    and outages.after_day < judged.day - weeks.days
    and outages.before_day > judged.day - weeks.days
  where judged.day - weeks.days >= judged.first_day
    and holidays.holiday is null
    and outages.subject is null
),

medians as (
  select subject, day, count(*) as weekdays, percentile_cont(0.5) within group (order by volume) as expected
  from weekdays_before
  group by subject, day
  having count(*) >= 4
),

-- How far each day before was from the median of its weekday, in standard deviations of a Poisson count.
residuals as (
  select
    medians.subject,
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

weekday_dispersions as (
  select
    subject,
    day,
    weekdays,
    expected,
    power(cast(1.4826 as double precision) * percentile_cont(0.5) within group (order by residual), 2) as dispersion
  from residuals
  group by subject, day, weekdays, expected
),

-- Visits of several pages scatter more than single events do: as many times a Poisson count's variance, by all weekdays.
dispersions as (
  select
    weekday_dispersions.subject,
    weekday_dispersions.day,
    greatest(
      1,
      power(cast(1.4826 as double precision) * percentile_cont(0.5) within group (order by residuals.residual), 2),
      power(percentile_cont(0.9) within group (order by residuals.residual) / cast(1.645 as double precision), 2)
    ) as dispersion
  from weekday_dispersions
  inner join residuals
    on residuals.subject = weekday_dispersions.subject
    and residuals.day between weekday_dispersions.day - 6 and weekday_dispersions.day
  group by weekday_dispersions.subject, weekday_dispersions.day
),

measured_days as (
  select
    weekday_dispersions.subject,
    weekday_dispersions.day,
    weekday_dispersions.weekdays,
    weekday_dispersions.expected,
    coalesce(counts.volume, 0) as observed,
    weekday_dispersions.expected
      * greatest(weekday_dispersions.dispersion, dispersions.dispersion) as variance
  from weekday_dispersions
  inner join dispersions
    on dispersions.subject = weekday_dispersions.subject
    and dispersions.day = weekday_dispersions.day
  left join counts
    on counts.subject = weekday_dispersions.subject
    and counts.day = weekday_dispersions.day
),

-- What only shows over several days counts while it lasts: where the last day is low, too.
several_days as (
  select
    last_days.subject,
    last_days.day,
    spans.days,
    last_days.observed < last_days.expected as is_lasting,
    min(measured_days.weekdays) as weekdays,
    sum(measured_days.expected) as expected,
    cast(sum(measured_days.observed) as bigint) as observed,
    sum(measured_days.variance) as variance
  from measured_days as last_days
  cross join (values (3), (7)) as spans(days)
  inner join measured_days
    on measured_days.subject = last_days.subject
    and measured_days.day > last_days.day - spans.days
    and measured_days.day <= last_days.day
  group by last_days.subject, last_days.day, spans.days, last_days.observed < last_days.expected
  having count(*) > 1
),

measured as (
  select subject, day, 1 as days, true as is_lasting, weekdays, expected, observed, variance
  from measured_days

  union all

  select subject, day, days, is_lasting, weekdays, expected, observed, variance
  from several_days
),

-- Who asks about many counts is surprised by one of them more often; those that are well are asked about, too. That nothing
-- comes at all is what breaks look like, and need be less of a surprise.
asked as (
  select
    measured.day,
    measured.days,
    powers.is_silence,
    sqrt(2 * ln(100 * least(power(cast(count(*) as double precision), powers.power_of_counts), 1000))) as root
  from measured
  cross join (values (false, 4), (true, 2)) as powers(is_silence, power_of_counts)
  where measured.expected >= 5
  group by measured.day, measured.days, powers.is_silence, powers.power_of_counts
),

limits as (
  select
    day,
    days,
    is_silence,
    root
    - cast(2.515517 + 0.802853 * root + 0.010328 * root * root as double precision)
      / (1 + 1.432788 * root + 0.189269 * root * root + 0.001308 * root * root * root) as most_surprising
  from asked
),

off as (
  select
    measured.*,
    measured.observed < measured.expected as is_drop,
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
    and limits.is_silence = (measured.observed = 0)
  where measured.expected >= 5
    and measured.is_lasting
    and (
      measured.observed < (1 - check_settings.volume_change) * measured.expected
      or measured.observed > (1 + check_settings.volume_change) * measured.expected
    )
),

-- Several days together are told where none of a day is an error already.
ranked as (
  select
    off.*,
    is_drop and is_improbable as is_error,
    row_number() over (
      partition by subject, day
      order by case when is_drop and is_improbable then 0 else 1 end, days
    ) as place
  from off
  where days = 1
    or (is_drop and is_improbable)
),

days_off as (
  select
    ranked.*,
    case when is_error then lag(day) over (partition by subject, is_error order by day) end as error_before
  from ranked
  cross join clock
  where place = 1
    and day >= clock.today - 97
),

-- Errors less than a week apart are one, by the first of them, whatever the morning on which it is asked.
spells as (
  select
    days_off.*,
    sum(case when is_error and day - error_before <= 7 then 0 else 1 end) over (
      partition by subject, is_error order by day rows unbounded preceding
    ) as spell
  from days_off
),

told as (
  select
    spells.*,
    min(day) over (partition by subject, is_error, spell) as first_day,
    count(*) over (partition by subject, is_error, spell) as times,
    row_number() over (partition by subject, is_error, spell order by day desc nulls last) as recency
  from spells
)

select
  told.subject || case when told.is_drop then '' else ', rise' end as subject,
  case when told.first_day >= clock.today - 90 then told.first_day end as day,
  case when told.is_error then 'error' else 'investigate' end as severity,
  cast(told.observed as text) || ' instead of ' || cast(cast(told.expected as decimal(18,1)) as text)
    || case when told.days = 1 then ', the median of ' || cast(told.weekdays as text) || ' such weekdays before'
       else ' in ' || cast(told.days as text) || ' days, by the medians of the weekdays before' end
    || case
         when told.first_day = told.day then ''
         else '; the last of ' || cast(told.times as text) || ' such days, on ' || cast(told.day as text)
       end
    || case when told.first_day < told.day and horizons.newest_day < told.first_day then ', and none at all since' else '' end as detail,
  told.observed,
  told.expected,
  told.weekdays,
  told.days,
  told.day as last_day,
  told.times
from told
cross join clock
inner join horizons
  on horizons.subject = told.subject
where told.recency = 1
  and told.day >= clock.today - 90
  and (told.is_error or told.day > horizons.last_day - 7)
