/*
description: >-
  Wins whose customers got back all that they ever paid, and paid documents of which nothing remains: no conversions any
  more. One row per win.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: "The win, as in `conversion_owners`.", tests: [not_null] }
  owner_id: { type: text, description: "Whose it was, as in `conversion_owners`.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: "The deal; NULL where a contact was won." }
  refunded_at: { type: timestamptz, description: When the last of it was given back., tests: [not_null] }
*/
with payments as (
  select conversion_id, count(*) as payers, count(refunded_at) as refunded_payers, max(refunded_at) as refunded_at
  from conversion_payers
  group by conversion_id
),

refunds as (
  select conversion_id, refunded_at
  from payments
  where refunded_payers = payers

  union all

  select conversion_id, refunded_at
  from payment_conversions
  where refunded_at is not null
),

first_refunds as (
  select conversion_id, min(refunded_at) as refunded_at
  from refunds
  group by conversion_id
)

select
  first_refunds.conversion_id,
  conversion_owners.owner_id,
  conversion_owners.source,
  deal_conversions.deal_id,
  first_refunds.refunded_at
from first_refunds
inner join conversion_owners
  on conversion_owners.conversion_id = first_refunds.conversion_id
left join deal_conversions
  on deal_conversions.conversion_id = first_refunds.conversion_id
