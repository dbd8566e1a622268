/*
description: >-
  Wins that are dated by the customer's first payment: where that was up to payment_hours before the recorded entry into
  won, or as near to a win whose time nobody recorded (a close date, the last change, a day without a time). A payment after
  a recorded win says when money came, not when the customer was won. One row per win.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: "The win, as in `conversion_owners`.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the deal's amount. }
  converted_date: { type: date, description: "Day of the payment in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When the customer first paid., tests: [not_null] }
*/
with first_payments as (
  select conversion_id, min(first_paid_at) as first_paid_at
  from conversion_payers
  group by conversion_id
),

distances as (
  select
    first_payments.conversion_id,
    deal_conversions.currency,
    first_payments.first_paid_at,
    deal_conversions.evidence = 'stage_history' and not deal_conversions.is_date_only as is_recorded,
    seconds_between(first_payments.first_paid_at, deal_conversions.converted_at) as seconds_before,
    cast(deduplication.payment_hours as double precision) * 3600 as window_seconds
  from first_payments
  inner join deal_conversions
    on deal_conversions.conversion_id = first_payments.conversion_id
  inner join deduplication
    on deduplication.conversion_type = deal_conversions.conversion_type
  where first_payments.first_paid_at is not null
)

select
  distances.conversion_id,
  distances.currency,
  local_date(distances.first_paid_at, settings.time_zone) as converted_date,
  distances.first_paid_at as converted_at
from distances
cross join settings
where distances.window_seconds > 0
  and distances.seconds_before <= distances.window_seconds
  and distances.seconds_before >= case when distances.is_recorded then 0 else -distances.window_seconds end
