/*
description: >-
  What each customer had bought before each win: how often, and for how much. Only wins strictly before count, so nothing
  of a win is known in its own row; those that ended since are absent, as in `conversions`. One row per win.
grain: [conversion_id]
key: owner_id
lookups:
  conversions: { conversion_id: conversion_owners.conversion_id }
columns:
  conversion_id: { type: text, description: "The win, as in `conversions`.", tests: [not_null, unique] }
  owner_id: { type: text, description: "Whose it is, as in `conversion_owners`.", tests: [not_null] }
  wins_before: { type: bigint, description: Wins of the customer before this one., tests: [not_null] }
  amount_before: { type: 'decimal(18,6)', description: "Their amounts in the project's currency; those that are not known count nothing.", tests: [not_null] }
  days_since_last: { type: double, description: "Days of 24 hours since the last of them; NULL for the first." }
  amount: { type: 'decimal(18,6)', description: "Amount of this win in the project's currency; NULL where that is not known." }
  converted_at: { type: timestamptz, description: When it was won., tests: [not_null] }
*/
with wins as (
  select
    conversions.conversion_id,
    conversion_owners.owner_id,
    conversions.amount_reporting as amount,
    conversions.converted_at
  from conversion_owners
  inner join conversions
    on conversions.conversion_id = conversion_owners.conversion_id
  where conversion_owners.conversion_type = 'customer'
),

-- Wins of one instant know nothing of each other.
instants as (
  select
    owner_id,
    converted_at,
    count(*) as wins,
    sum(coalesce(amount, 0)) as amount
  from wins
  group by owner_id, converted_at
),

running as (
  select
    owner_id,
    converted_at,
    sum(wins) over so_far - wins as wins_before,
    sum(amount) over so_far - amount as amount_before,
    lag(converted_at) over so_far as last_at
  from instants
  window so_far as (partition by owner_id order by converted_at)
)

select
  wins.conversion_id,
  wins.owner_id,
  cast(running.wins_before as bigint) as wins_before,
  cast(running.amount_before as decimal(18,6)) as amount_before,
  seconds_between(running.last_at, wins.converted_at) / cast(86400 as double precision) as days_since_last,
  wins.amount,
  wins.converted_at
from wins
inner join running
  on running.owner_id = wins.owner_id
  and running.converted_at = wins.converted_at
