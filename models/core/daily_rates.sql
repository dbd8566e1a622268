/*
description: >-
  Exchange rates into the project's currency, for every day that has one: the last rate published on or before the day,
  at most 7 days old; never a later one. Days and currencies without such a rate have no row, and money in them is not
  converted. The project's own list (`exchange_rates`) counts before published rates, and a published pair before one
  worked out from two. One row per day and currency.
grain: [rate_date, currency]
columns:
  rate_date: { type: date, description: Day the rate is used for., tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency., tests: [not_null] }
  rate: { type: 'decimal(28,12)', description: "Units of the project's currency for one unit of the currency.", tests: [not_null, { expression: rate > 0 }] }
  published_date: { type: date, description: "Day the rate was published: rate_date, or the last one before it.", tests: [not_null] }
  rate_source: { type: text, description: "Who published it: exchange_rates (the project's list), or a source of the feed fx_rates.", tests: [not_null] }
*/
with published as (
  select distinct
    source,
    rate_date,
    upper(from_currency) as base,
    upper(to_currency) as currency,
    rate
  from fx_rates_feed
  where rate > 0
),

-- Every base is worth one of itself: so a pair is read backwards as well.
legs as (
  select source, rate_date, base, currency, rate
  from published

  union all

  select distinct source, rate_date, base, base as currency, cast(1 as decimal(18,9)) as rate
  from published
),

candidates as (
  select
    0 as preference,
    'exchange_rates' as source,
    exchange_rates.rate_date,
    '' as base,
    exchange_rates.currency,
    cast(exchange_rates.rate as decimal(28,12)) as rate
  from exchange_rates

  union all

  select
    1 as preference,
    published.source,
    published.rate_date,
    published.base,
    published.base as currency,
    cast(published.rate as decimal(28,12)) as rate
  from published
  inner join settings
    on settings.reporting_currency = published.currency

  union all

  select
    2 as preference,
    foreign_legs.source,
    foreign_legs.rate_date,
    foreign_legs.base,
    foreign_legs.currency,
    cast(decimal_ratio(own_legs.rate, foreign_legs.rate) as decimal(28,12)) as rate
  from legs as foreign_legs
  inner join legs as own_legs
    on own_legs.source = foreign_legs.source
    and own_legs.rate_date = foreign_legs.rate_date
    and own_legs.base = foreign_legs.base
  inner join settings
    on settings.reporting_currency = own_legs.currency
  where foreign_legs.currency <> settings.reporting_currency
),

ranked as (
  select
    currency,
    rate_date,
    rate,
    source,
    row_number() over (
      partition by currency, rate_date
      order by preference, byte_order(source), byte_order(base), rate
    ) as position
  from candidates
  where rate > 0
),

spans as (
  select
    currency,
    rate,
    source,
    rate_date as published_date,
    case
      when lead(rate_date) over (partition by currency order by rate_date) <= rate_date + 7
        then lead(rate_date) over (partition by currency order by rate_date) - 1
      else rate_date + 7
    end as last_day
  from ranked
  where position = 1
)

select
  dense_periods(published_date, last_day, 'day') as rate_date,
  currency,
  rate,
  published_date,
  source as rate_source
from spans
