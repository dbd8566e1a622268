/*
description: >-
  What happened, once each, by the CRM. customer: a deal that is won now, at the time it entered the won stage, else at
  its close date; opportunity: a deal, when created; lead: a contact, when created; mql and sql: a contact's first entry
  into that lifecycle stage. Deals and contacts deleted in the CRM, and wins that were re-opened or lost since, are
  absent. One row per conversion.
grain: [conversion_id]
columns:
  conversion_id: { type: text, description: "Type, source and the CRM's id: customer:hubspot:123.", tests: [not_null, unique] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null, { accepted_values: [lead, mql, sql, opportunity, customer] }] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  deal_id: { type: text, description: The deal; NULL for a lead. }
  person_id: { type: text, description: "The first of the conversion's people; NULL where there is nobody." }
  company_id: { type: text, description: Company; NULL where none. }
  evidence: { type: text, description: "What converted_at rests on: stage_history, close_date, last_change, or created.", tests: [not_null, { accepted_values: [stage_history, close_date, last_change, created] }] }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: Amount of the deal in its currency; NULL for leads. }
  amount_reporting: { type: 'decimal(18,6)', description: "Amount in the project's currency at the last rate published by converted_date; NULL where amount or rate is missing.", tests: [{ not_null: , where: amount is not null, severity: warning }] }
  drift_seconds: { type: double, description: "recorded_at less converted_at; NULL where recorded_at is." }
  is_new_customer: { type: boolean, description: "Customers: whether it is the first win of its company (or person, by the config); later wins are expansion. NULL for other types." }
  converted_date: { type: date, description: "Day of converted_at in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the CRM learnt of it; NULL where it does not tell. }
*/
with wins as (
  select
    'customer:' || source || ':' || deal_id as conversion_id,
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
),

opportunities as (
  select
    'opportunity:' || source || ':' || deal_id as conversion_id,
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
),

leads as (
  select
    'lead:' || source || ':' || contact_id as conversion_id,
    'lead' as conversion_type,
    source,
    cast(null as text) as deal_id,
    company_id,
    'created' as evidence,
    cast(null as text) as currency,
    cast(null as decimal(18,6)) as amount,
    created_at as converted_at,
    created_at as recorded_at
  from contacts
  where created_at is not null and not is_deleted
),

stage_entries as (
  select
    source,
    contact_id,
    case lifecycle_stage when 'marketingqualifiedlead' then 'mql' else 'sql' end as conversion_type,
    entered_at,
    recorded_at,
    row_number() over (partition by source, contact_id, lifecycle_stage order by entered_at) as entry
  from contact_stage_changes_feed
  where lifecycle_stage in ('marketingqualifiedlead', 'salesqualifiedlead')
),

qualified_leads as (
  select
    stage_entries.conversion_type || ':' || stage_entries.source || ':' || stage_entries.contact_id as conversion_id,
    stage_entries.conversion_type,
    stage_entries.source,
    cast(null as text) as deal_id,
    contacts.company_id,
    'stage_history' as evidence,
    cast(null as text) as currency,
    cast(null as decimal(18,6)) as amount,
    stage_entries.entered_at as converted_at,
    stage_entries.recorded_at
  from stage_entries
  inner join contacts
    on contacts.source = stage_entries.source
    and contacts.contact_id = stage_entries.contact_id
  where stage_entries.entry = 1 and not contacts.is_deleted
),

unified as (
  select * from wins
  union all
  select * from opportunities
  union all
  select * from leads
  union all
  select * from qualified_leads
),

dated as (
  select
    unified.conversion_id,
    unified.conversion_type,
    unified.source,
    unified.deal_id,
    conversion_people.person_id,
    unified.company_id,
    unified.evidence,
    unified.currency,
    unified.amount,
    case
      when settings.conversion_owner = 'person' then
        coalesce('person:' || conversion_people.person_id, 'company:' || unified.company_id, unified.conversion_id)
      else coalesce('company:' || unified.company_id, unified.conversion_id)
    end as owner_id,
    settings.reporting_currency,
    local_date(unified.converted_at, settings.time_zone) as converted_date,
    unified.converted_at,
    unified.recorded_at
  from unified
  cross join settings
  left join conversion_people
    on conversion_people.conversion_id = unified.conversion_id
    and conversion_people.position = 1
)

select
  dated.conversion_id,
  dated.conversion_type,
  dated.source,
  dated.deal_id,
  dated.person_id,
  dated.company_id,
  dated.evidence,
  dated.currency,
  dated.amount,
  cast(
    case
      when dated.amount = 0 then 0
      when dated.currency = dated.reporting_currency then dated.amount
      else dated.amount * daily_rates.rate
    end as decimal(18,6)
  ) as amount_reporting,
  seconds_between(dated.converted_at, dated.recorded_at) as drift_seconds,
  case
    when dated.conversion_type = 'customer' then
      row_number() over (
        partition by dated.conversion_type, dated.source, dated.owner_id
        order by dated.converted_at, byte_order(dated.conversion_id)
      ) = 1
  end as is_new_customer,
  dated.converted_date,
  dated.converted_at,
  dated.recorded_at
from dated
left join daily_rates
  on daily_rates.rate_date = dated.converted_date
  and daily_rates.currency = dated.currency
