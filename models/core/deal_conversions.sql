/*
description: >-
  Conversions that are deals. customer: a deal that is won now, at the time it entered the won stage, else at its close
  date; opportunity: a deal, when created. Deleted deals, and wins that were re-opened or lost since, are absent. One row
  per conversion.
grain: [conversion_id]
key: [source, deal_id]
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: customer:hubspot:123.", tests: [not_null] }
  conversion_type: { type: text, description: "customer or opportunity.", tests: [not_null, { accepted_values: [customer, opportunity] }] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: The deal., tests: [not_null] }
  company_id: { type: text, description: Company; NULL where none. }
  evidence: { type: text, description: "What converted_at rests on: stage_history, close_date, last_change, or created.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: Amount of the deal in its currency. }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone." }
  converted_at: { type: timestamptz, description: When it happened. }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
*/
with unified as (
  select
    'customer' as conversion_type,
    source,
    deal_id,
    company_id,
    won_evidence as evidence,
    currency,
    amount,
    won_at as converted_at,
    won_recorded_at as recorded_at
  from deals
  where outcome = 'won' and not is_deleted

  union all

  select
    'opportunity' as conversion_type,
    source,
    deal_id,
    company_id,
    'created' as evidence,
    currency,
    amount,
    created_at as converted_at,
    created_at as recorded_at
  from deals
  where created_at is not null and not is_deleted
)

select
  unified.conversion_type || ':' || unified.source || ':' || unified.deal_id as conversion_id,
  unified.conversion_type,
  unified.source,
  unified.deal_id,
  unified.company_id,
  unified.evidence,
  unified.currency,
  unified.amount,
  local_date(unified.converted_at, settings.time_zone) as converted_date,
  unified.converted_at,
  unified.recorded_at
from unified
cross join settings
