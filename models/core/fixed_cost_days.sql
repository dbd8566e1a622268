/*
description: >-
  Costs besides ad spend, spread evenly over the days they are for; the days of an entry add up to its amount to the last
  digit. Entries without both days, or whose last day is before the first, have no row. One row per source, entry and
  day.
grain: [source, cost_id, cost_date]
key: [source, cost_id]
columns:
  source: { type: text, description: Where the entry comes from., tests: [not_null] }
  cost_id: { type: text, description: Id of the entry., tests: [not_null] }
  cost_date: { type: date, description: Day., tests: [not_null] }
  category: { type: text, description: "agency, tools, salaries, or the project's own." }
  channel: { type: text, description: "Channel that it is for; NULL for all." }
  currency: { type: text, description: "ISO 4217 currency." }
  cost: { type: 'decimal(18,6)', description: "The day's share of the amount." }
  cost_reporting: { type: 'decimal(18,6)', description: "The same in the project's currency, at the last rate published by the day; NULL where that is missing.", tests: [{ not_null: , where: cost is not null, severity: warning }] }
tests:
  - sum: { column: cost, equals: { relation: fixed_costs_feed, column: amount, where: "from_date <= to_date" } }
*/
with entry_days as (
  select
    source,
    cost_id,
    category,
    channel,
    currency,
    amount,
    from_date,
    to_date - from_date + 1 as days,
    dense_periods(from_date, to_date, 'day') as cost_date
  from fixed_costs_feed
  where from_date <= to_date
),

-- A day's share is what the days up to it make up, less what the days before it do: so nothing is lost in rounding.
shares as (
  select
    source,
    cost_id,
    category,
    channel,
    currency,
    case
      when amount = 0 then cast(0 as decimal(18,6))
      when cost_date = from_date then
        case when amount < 0 then -1 else 1 end
          * cast(decimal_ratio(abs(amount), cast(days as decimal(18,9))) as decimal(18,6))
      else
        case when amount < 0 then -1 else 1 end
          * (
            cast(decimal_ratio(abs(amount) * (cost_date - from_date + 1), cast(days as decimal(18,9))) as decimal(18,6))
            - cast(decimal_ratio(abs(amount) * (cost_date - from_date), cast(days as decimal(18,9))) as decimal(18,6))
          )
    end as cost,
    cost_date
  from entry_days
)

select
  shares.source,
  shares.cost_id,
  shares.cost_date,
  shares.category,
  shares.channel,
  shares.currency,
  cast(shares.cost as decimal(18,6)) as cost,
  cast(
    case
      when shares.cost = 0 then 0
      when shares.currency = settings.reporting_currency then shares.cost
      else shares.cost * daily_rates.rate
    end as decimal(18,6)
  ) as cost_reporting
from shares
cross join settings
left join daily_rates
  on daily_rates.rate_date = shares.cost_date
  and daily_rates.currency = shares.currency
