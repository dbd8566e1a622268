-- The function library on DuckDB. Same names, arguments and results as sql/postgres/functions.sql:
-- what models need and the two engines spell differently.

-- Orders text by its UTF-8 bytes, whatever the database's collation: for ties and for "the first of equals".
create or replace macro byte_order(value) as encode(value);

-- The calendar day of an instant in a time zone.
create or replace macro local_date(instant, zone) as cast((instant at time zone zone) as date);

-- A whole number of 24-hour days as a length of time: no calendar, so a change of clocks moves nothing.
create or replace macro elapsed_days(days) as to_hours(24 * days);

-- Seconds from one instant to another; negative where the second is earlier.
create or replace macro seconds_between(earlier, later) as
  cast(epoch_us(later) - epoch_us(earlier) as double) / 1000000.0;

-- First day of the day's period. Grain: day, week, month, quarter. Week start: monday, sunday.
create or replace macro period_start(day, grain, week_start) as
  case
    when grain = 'day' then cast(day as date)
    when grain = 'week' and week_start = 'sunday' then
      cast(cast(date_trunc('week', cast(cast(day as date) + 1 as timestamp)) as date) - 1 as date)
    when grain in ('week', 'month', 'quarter') then cast(date_trunc(grain, cast(day as timestamp)) as date)
  end;

-- First day of the next period; `start` is the first day of one.
create or replace macro next_period_start(start, grain) as
  case
    when grain = 'day' then cast(cast(start as date) + 1 as date)
    when grain = 'week' then cast(cast(start as date) + 7 as date)
    when grain = 'month' then cast(cast(start as timestamp) + interval '1 month' as date)
    when grain = 'quarter' then cast(cast(start as timestamp) + interval '3 months' as date)
  end;

-- Every period's first day from one to another, both included, as rows: for the select list. Both are first days.
create or replace macro dense_periods(first_start, last_start, grain) as
  cast(unnest(generate_series(
    cast(first_start as timestamp),
    cast(last_start as timestamp),
    case
      when grain = 'day' then interval '1 day'
      when grain = 'week' then interval '7 days'
      when grain = 'month' then interval '1 month'
      when grain = 'quarter' then interval '3 months'
    end
  )) as date);

-- The quotient of two positive decimals with at most 9 decimal places, to 12 places, halves up: in whole numbers, so that
-- both engines give the same digits. For exchange rates.
create or replace macro decimal_ratio(numerator, denominator) as
  cast((
    (cast(cast(numerator as decimal(38,9)) * 1000000000 as hugeint) * 2000000000000
      + cast(cast(denominator as decimal(38,9)) * 1000000000 as hugeint))
    // (2 * cast(cast(denominator as decimal(38,9)) * 1000000000 as hugeint))
  ) // 1000000000000 as decimal(28,12))
  + cast(
    cast((
    (cast(cast(numerator as decimal(38,9)) * 1000000000 as hugeint) * 2000000000000
      + cast(cast(denominator as decimal(38,9)) * 1000000000 as hugeint))
    // (2 * cast(cast(denominator as decimal(38,9)) * 1000000000 as hugeint))
  ) % 1000000000000 as decimal(12,0)) * cast(0.000000000001 as decimal(12,12))
    as decimal(28,12)
  );

-- The inverse of a square matrix, row by row in one list; `size` rows. By Gauss-Jordan elimination in place, with the
-- diagonal as pivots: for matrices whose diagonal dominates, as I - Q of an absorbing Markov chain does.
create or replace macro matrix_inverse(cells, size) as
  list_reduce(
    list_transform(range(1, size + 1), lambda number: [cast(number as double)]),
    lambda matrix, step: list_transform(range(1, size * size + 1), lambda cell:
      case
        when (cell - 1) // size + 1 = cast(step[1] as bigint) and (cell - 1) % size + 1 = cast(step[1] as bigint) then
          1 / matrix[cell]
        when (cell - 1) // size + 1 = cast(step[1] as bigint) then
          matrix[cell] / matrix[(cast(step[1] as bigint) - 1) * size + cast(step[1] as bigint)]
        when (cell - 1) % size + 1 = cast(step[1] as bigint) then
          -matrix[cell] / matrix[(cast(step[1] as bigint) - 1) * size + cast(step[1] as bigint)]
        else
          matrix[cell]
          - matrix[((cell - 1) // size) * size + cast(step[1] as bigint)]
          * matrix[(cast(step[1] as bigint) - 1) * size + (cell - 1) % size + 1]
          / matrix[(cast(step[1] as bigint) - 1) * size + cast(step[1] as bigint)]
      end),
    cells
  );

-- The id of the conversion that a deal is by its nth win.
create or replace macro customer_id(source, deal_id, wins) as
  'customer:' || source || ':' || deal_id || case when wins > 1 then ':' || cast(wins as text) else '' end;

-- The share that `found` of `total` prove: the lower end of Wilson's interval, beyond which chance goes in 1 % of cases.
-- NULL of none.
create or replace macro proven_share(found, total) as
  case
    when total > 0 then greatest(
      cast(0 as double),
      (
        least(found, total) / cast(total as double) + 2.705948 / cast(total as double)
        - 2.326348 * sqrt(
          (least(found, total) / cast(total as double) * (1 - least(found, total) / cast(total as double)) + 1.352974 / cast(total as double))
          / cast(total as double)
        )
      ) / (1 + 5.411895 / cast(total as double))
    )
  end;

-- Where the hash of a text lies between 0 and 1: the first 32 bits of its MD5. Spreads evenly, hides nothing.
create or replace macro hashed_share(value) as
  cast(cast('0x' || substr(md5(value), 1, 8) as bigint) as double) / 4294967296;
