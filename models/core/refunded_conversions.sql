/*
description: >-
  Wins whose customers got back all that they ever paid: no conversions any more. One row per win.
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
)

select
  payments.conversion_id,
  conversion_owners.owner_id,
  conversion_owners.source,
  deal_conversions.deal_id,
  payments.refunded_at
from payments
inner join conversion_owners
  on conversion_owners.conversion_id = payments.conversion_id
left join deal_conversions
  on deal_conversions.conversion_id = payments.conversion_id
where payments.refunded_payers = payments.payers
