/*
description: >-
  When the people of a new customer were first touched: the earliest touchpoint of those on the deal, however long before
  the win, as known now; of new customers who were lost since, too, but of deals that were deleted or merged. New customers
  without a touchpoint before the win are absent. One row per new customer.
grain: [conversion_id]
key: conversion_id
lookups:
  people: { person_id: conversion_people.person_id }
columns:
  conversion_id: { type: text, description: "The win, as in `all_conversions`.", tests: [not_null, unique] }
  person_id: { type: text, description: Who was touched first., tests: [not_null] }
  touchpoint_id: { type: text, description: The first touchpoint., tests: [not_null] }
  channel: { type: text, description: Its channel., tests: [not_null] }
  first_touch_date: { type: date, description: "Its day in the project's time zone: the cohort is the period it falls into.", tests: [not_null] }
  first_touch_at: { type: timestamptz, description: Its time., tests: [not_null] }
  converted_at: { type: timestamptz, description: When the deal was won., tests: [not_null] }
*/
with first_touches as (
  select
    all_conversions.conversion_id,
    people.person_id,
    people.original_touchpoint_id as touchpoint_id,
    people.original_channel as channel,
    people.original_at as first_touch_at,
    all_conversions.converted_at,
    row_number() over (
      partition by all_conversions.conversion_id
      order by people.original_at, byte_order(people.original_touchpoint_id)
    ) as place
  from all_conversions
  inner join conversion_people
    on conversion_people.conversion_id = all_conversions.conversion_id
  inner join people
    on people.person_id = conversion_people.person_id
  where all_conversions.is_new_customer and people.original_at <= all_conversions.converted_at
)

select
  first_touches.conversion_id,
  first_touches.person_id,
  first_touches.touchpoint_id,
  first_touches.channel,
  local_date(first_touches.first_touch_at, settings.time_zone) as first_touch_date,
  first_touches.first_touch_at,
  first_touches.converted_at
from first_touches
cross join settings
where first_touches.place = 1
