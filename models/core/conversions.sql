/*
description: >-
  What happened, once each, by the CRM and the declared definitions (`stage_definitions`). As shipped: customer, a deal
  that is won now, at the time it entered the won stage, else at its close date; opportunity, a deal, when created; lead, a
  contact, when created or first in that lifecycle stage; mql and sql, its first entry into theirs. Deals and contacts deleted in the
  CRM, wins that were re-opened, lost or refunded since (`conversion_reversals`), and duplicates
  (`duplicate_conversions`) are absent. One row per conversion.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: customer:hubspot:123; by its second win customer:hubspot:123:2.", tests: [not_null, unique] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  source: { type: text, description: System that tells it., tests: [not_null] }
  deal_id: { type: text, description: The deal; NULL for a lead. }
  person_id: { type: text, description: "The first of the conversion's people; NULL where there is nobody." }
  company_id: { type: text, description: Company; NULL where none. }
  definition_version: { type: text, description: "Version of the definition that made it one, as in `stage_definitions`.", tests: [not_null] }
  evidence: { type: text, description: "What converted_at rests on: event, payment, stage_history, close_date, last_change, or created.", tests: [not_null, { accepted_values: [event, payment, stage_history, close_date, last_change, created] }] }
  actor: { type: text, description: "Who entered it: manual, automation or import; NULL where the CRM does not tell." }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: Amount of the deal in its currency; NULL for leads. }
  amount_reporting: { type: 'decimal(18,6)', description: "Amount in the project's currency at the last rate published by converted_date; NULL where amount or rate is missing.", tests: [{ not_null: , where: amount is not null, severity: warning }] }
  drift_seconds: { type: double, description: "recorded_at less converted_at; NULL where recorded_at is, or where only the day is known." }
  is_date_only: { type: boolean, description: "Whether only the day is known: converted_at is then its last second in the project's time zone.", tests: [not_null] }
  is_new_customer: { type: boolean, description: "Customers: whether it is the first win of its company (or person, by the config); later wins are expansion. NULL for other types." }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
*/
select
  conversion_id,
  conversion_type,
  source,
  deal_id,
  person_id,
  company_id,
  definition_version,
  evidence,
  actor,
  currency,
  amount,
  amount_reporting,
  drift_seconds,
  is_date_only,
  is_new_customer,
  converted_date,
  converted_at,
  recorded_at
from all_conversions
where reversed_at is null
