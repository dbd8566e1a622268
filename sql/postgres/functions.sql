-- The function library on Postgres. Same names, arguments and results as sql/duckdb/functions.sql:
-- what models need and the two engines spell differently. Single expressions, so that Postgres inlines them.

-- Orders text by its UTF-8 bytes, whatever the database's collation: for ties and for "the first of equals".
create or replace function byte_order(value text) returns bytea language sql stable parallel safe
as $$ select convert_to(value, 'UTF8') $$;

-- The calendar day of an instant in a time zone.
create or replace function local_date(instant timestamptz, zone text) returns date language sql stable parallel safe
as $$ select cast(instant at time zone zone as date) $$;

-- A whole number of 24-hour days as a length of time: no calendar, so a change of clocks moves nothing.
create or replace function elapsed_days(days bigint) returns interval language sql immutable parallel safe
as $$ select interval '24 hours' * days $$;

-- Seconds from one instant to another; negative where the second is earlier.
create or replace function seconds_between(earlier timestamptz, later timestamptz) returns double precision
language sql immutable parallel safe
as $$ select cast(extract(epoch from later - earlier) as double precision) $$;

-- First day of the day's period. Grain: day, week, month, quarter. Week start: monday, sunday.
create or replace function period_start(day date, grain text, week_start text) returns date
language sql immutable parallel safe
as $$
  select case
    when grain = 'day' then day
    when grain = 'week' and week_start = 'sunday' then
      cast(date_trunc('week', cast(day + 1 as timestamp)) as date) - 1
    when grain in ('week', 'month', 'quarter') then cast(date_trunc(grain, cast(day as timestamp)) as date)
  end
$$;

-- First day of the next period; `start` is the first day of one.
create or replace function next_period_start(start date, grain text) returns date
language sql immutable parallel safe
as $$
  select case
    when grain = 'day' then start + 1
    when grain = 'week' then start + 7
    when grain = 'month' then cast(cast(start as timestamp) + interval '1 month' as date)
    when grain = 'quarter' then cast(cast(start as timestamp) + interval '3 months' as date)
  end
$$;

-- Every period's first day from one to another, both included, as rows: for the select list. Both are first days.
create or replace function dense_periods(first_start date, last_start date, grain text) returns setof date
language sql immutable parallel safe rows 100
as $$
  select cast(day as date)
  from generate_series(
    cast(first_start as timestamp),
    cast(last_start as timestamp),
    case
      when grain = 'day' then interval '1 day'
      when grain = 'week' then interval '7 days'
      when grain = 'month' then interval '1 month'
      when grain = 'quarter' then interval '3 months'
    end
  ) as series(day)
$$;

-- The quotient of two positive decimals with at most 9 decimal places, to 12 places, halves up: in whole numbers, so that
-- both engines give the same digits. For exchange rates.
create or replace function decimal_ratio(numerator numeric, denominator numeric) returns numeric
language sql immutable parallel safe
as $$
  select cast(div(numerator * 2000000000000 + denominator, 2 * denominator) * 0.000000000001 as decimal(28,12))
$$;

-- The inverse of a square matrix, row by row in one array; `size` rows. By Gauss-Jordan elimination in place, with the
-- diagonal as pivots: for matrices whose diagonal dominates, as I - Q of an absorbing Markov chain does.
create or replace function matrix_inverse(cells double precision[], size bigint) returns double precision[]
language plpgsql immutable parallel safe
as $$
declare
  pivot double precision;
  factor double precision;
begin
  for k in 1..size loop
    pivot := cells[(k - 1) * size + k];
    for i in 1..size loop
      continue when i = k;
      factor := cells[(i - 1) * size + k];
      for j in 1..size loop
        continue when j = k;
        cells[(i - 1) * size + j] := cells[(i - 1) * size + j] - factor * cells[(k - 1) * size + j] / pivot;
      end loop;
      cells[(i - 1) * size + k] := -factor / pivot;
    end loop;
    for j in 1..size loop
      cells[(k - 1) * size + j] := case when j = k then 1 else cells[(k - 1) * size + j] end / pivot;
    end loop;
  end loop;
  return cells;
end
$$;

-- The id of the conversion that a deal is by its nth win.
create or replace function customer_id(source text, deal_id text, wins bigint) returns text
language sql immutable parallel safe
as $$
  select 'customer:' || source || ':' || deal_id || case when wins > 1 then ':' || cast(wins as text) else '' end
$$;

-- The share that `found` of `total` prove: the lower end of Wilson's interval, beyond which chance goes in 1 % of cases.
-- NULL of none.
create or replace function proven_share(found bigint, total bigint) returns double precision
language sql immutable parallel safe
as $$
  select case
    when total > 0 then greatest(
      cast(0 as double precision),
      (
        least(found, total) / cast(total as double precision) + 2.705948 / cast(total as double precision)
        - 2.326348 * sqrt(
          (least(found, total) / cast(total as double precision) * (1 - least(found, total) / cast(total as double precision)) + 1.352974 / cast(total as double precision))
          / cast(total as double precision)
        )
      ) / (1 + 5.411895 / cast(total as double precision))
    )
  end
$$;

-- Where the hash of a text lies between 0 and 1: the first 32 bits of its MD5. Spreads evenly, hides nothing.
create or replace function hashed_share(value text) returns double precision language sql immutable parallel safe
as $$ select cast(cast(cast('x' || substr(md5(value), 1, 8) as bit(32)) as bigint) as double precision) / 4294967296 $$;
