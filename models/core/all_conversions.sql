/*
description: >-
  What ever happened, once each: `conversions` and the wins that ended since, re-opened, lost or refunded, with the time at
  which they did. Credits are computed for all of them, so that a win counts in its period and against the one in which it
  ended, whenever the project was built. Deals and contacts deleted in the CRM, and duplicates (`duplicate_conversions`),
  are absent. One row per conversion.
grain: [conversion_id]
key: conversion_id
lookups:
  daily_rates:
    - { rate_date: deal_conversions.converted_date, currency: deal_conversions.currency }
    - { rate_date: payment_times.converted_date, currency: payment_times.currency }
    - { rate_date: event_conversions.converted_date, currency: event_conversions.currency }
    - { rate_date: payment_conversions.converted_date, currency: payment_conversions.currency }
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
  is_new_customer: { type: boolean, description: "Customers: whether it is the first win of its company (or person, by the config); later wins are expansion. Of one that ended: whether no other stood when it was won. NULL for other types." }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
  reversed_at: { type: timestamptz, description: "When the win ended; NULL of what stands." }
*/
with unified as (
  select
    conversion_id,
    conversion_type,
    source,
    deal_id,
    company_id,
    definition_version,
    evidence,
    actor,
    currency,
    amount,
    is_date_only,
    converted_date,
    converted_at,
    recorded_at,
    reversed_at
  from deal_conversions

  union all

  select
    conversion_id,
    conversion_type,
    source,
    cast(null as text) as deal_id,
    company_id,
    definition_version,
    evidence,
    actor,
    cast(null as text) as currency,
    cast(null as decimal(18,6)) as amount,
    false as is_date_only,
    converted_date,
    converted_at,
    recorded_at,
    null
  from contact_conversions

  union all

  select
    conversion_id,
    conversion_type,
    source,
    null,
    null,
    definition_version,
    'event',
    null,
    currency,
    amount,
    false,
    converted_date,
    converted_at,
    recorded_at,
    null
  from event_conversions
  where is_kept

  union all

  select
    conversion_id,
    'customer',
    source,
    null,
    null,
    definition_version,
    'payment',
    null,
    currency,
    amount,
    false,
    converted_date,
    converted_at,
    null,
    null
  from payment_conversions
),

timed as (
  select
    unified.conversion_id,
    unified.conversion_type,
    unified.source,
    unified.deal_id,
    unified.company_id,
    unified.definition_version,
    case when payment_times.converted_at is not null then 'payment' else unified.evidence end as evidence,
    unified.actor,
    unified.currency,
    unified.amount,
    unified.is_date_only and payment_times.converted_at is null as is_date_only,
    coalesce(payment_times.converted_date, unified.converted_date) as converted_date,
    coalesce(payment_times.converted_at, unified.converted_at) as converted_at,
    unified.recorded_at,
    unified.reversed_at
  from unified
  left join payment_times
    on payment_times.conversion_id = unified.conversion_id
)

select
  timed.conversion_id,
  timed.conversion_type,
  timed.source,
  timed.deal_id,
  conversion_people.person_id,
  timed.company_id,
  timed.definition_version,
  timed.evidence,
  timed.actor,
  timed.currency,
  timed.amount,
  cast(
    case
      when timed.amount = 0 then 0
      when timed.currency = settings.reporting_currency then timed.amount
      else timed.amount * daily_rates.rate
    end as decimal(18,6)
  ) as amount_reporting,
  case when timed.is_date_only then null else seconds_between(timed.converted_at, timed.recorded_at) end as drift_seconds,
  timed.is_date_only,
  case when timed.conversion_type = 'customer' then new_customers.conversion_id is not null end as is_new_customer,
  timed.converted_date,
  timed.converted_at,
  timed.recorded_at,
  coalesce(timed.reversed_at, refunded_conversions.refunded_at) as reversed_at
from timed
cross join settings
left join duplicate_conversions
  on duplicate_conversions.conversion_id = timed.conversion_id
left join refunded_conversions
  on refunded_conversions.conversion_id = timed.conversion_id
left join conversion_people
  on conversion_people.conversion_id = timed.conversion_id
  and conversion_people.position = 1
left join new_customers
  on new_customers.conversion_id = timed.conversion_id
left join daily_rates
  on daily_rates.rate_date = timed.converted_date
  and daily_rates.currency = timed.currency
where duplicate_conversions.conversion_id is null
