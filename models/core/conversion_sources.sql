/*
description: >-
  Every record of every system that speaks of a conversion, and which one it became. In the order of trust: deals and
  contacts of the CRMs make conversions, and events and payments where the definition says so; one of each is kept. Other
  forms, and billing customers, are evidence for the conversion of their person or company, or tell of one that is not
  there. What ad platforms claim has no person and is not here. Records with the rule kept are the conversions. One row per kind of record, source, record and conversion type.
grain: [record_type, source, record_id, conversion_type]
columns:
  record_type: { type: text, description: "deal, contact, form, event, payment or billing_customer.", tests: [not_null, { accepted_values: [deal, contact, form, event, payment, billing_customer] }] }
  source: { type: text, description: "System that tells it, as the connector is named.", tests: [not_null] }
  record_id: { type: text, description: "Id of the deal, contact, event, document of billing or billing customer.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null] }
  conversion_id: { type: text, description: "The conversion it became or speaks of; NULL where there is none." }
  rule: { type: text, description: "kept: it is the conversion; same_owner or other_crm: a duplicate, as in `duplicate_conversions`; same_order: another event tells of the same order; refunded: it was the conversion until all was given back; evidence: it makes none by itself; no_conversion: it speaks of one that is not there.", tests: [not_null, { accepted_values: [kept, same_owner, other_crm, same_order, refunded, evidence, no_conversion] }] }
  trust: { type: integer, description: "Order of trust: 1 deal, 2 contact, 3 form or event, 4 payment or billing customer.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: "When it happened, by this record." }
  seconds_after: { type: double, description: "That less the time of the conversion; NULL where there is none." }
tests:
  - row_count: { equals: conversions }
    where: rule = 'kept'
  - expression: "(conversion_id is null) = (rule = 'no_conversion')"
*/
with making_records as (
  select
    'deal' as record_type,
    1 as trust,
    source,
    deal_id as record_id,
    conversion_type,
    conversion_id,
    true as is_kept,
    converted_at
  from deal_conversions
  where reversed_at is null

  union all

  select 'contact', 2, source, contact_id, conversion_type, conversion_id, true, converted_at
  from contact_conversions

  union all

  select record_type, 3, event_source, source_event_id, conversion_type, conversion_id, is_kept, converted_at
  from event_conversions

  union all

  select 'payment', 4, source, document_type || ':' || document_id, 'customer', conversion_id, true, converted_at
  from payment_conversions
),

decided_records as (
  select
    making_records.record_type,
    making_records.source,
    making_records.record_id,
    making_records.conversion_type,
    coalesce(duplicate_conversions.kept_conversion_id, making_records.conversion_id) as conversion_id,
    case
      when not making_records.is_kept then 'same_order'
      when duplicate_conversions.rule is not null then duplicate_conversions.rule
      when refunded_conversions.conversion_id is not null then 'refunded'
      else 'kept'
    end as rule,
    making_records.trust,
    making_records.converted_at as occurred_at
  from making_records
  left join duplicate_conversions
    on duplicate_conversions.conversion_id = making_records.conversion_id
  left join refunded_conversions
    on refunded_conversions.conversion_id = making_records.conversion_id
),

-- A form speaks of the lead of its person that is nearest to it.
forms as (
  select
    events.source,
    events.source_event_id as record_id,
    events.occurred_at,
    leads.conversion_id,
    row_number() over (
      partition by events.source, events.source_event_id
      order by
        abs(seconds_between(events.occurred_at, leads.converted_at)) nulls last,
        byte_order(leads.conversion_id)
    ) as place
  from events
  inner join form_events
    on form_events.event_name = fold_case(events.event_name)
  left join event_conversions
    on event_conversions.event_source = events.source
    and event_conversions.source_event_id = events.source_event_id
    and event_conversions.conversion_type = 'lead'
  left join event_people
    on event_people.event_id = events.event_id
  left join conversions as leads
    on leads.person_id = event_people.person_id
    and leads.conversion_type = 'lead'
  where event_conversions.source_event_id is null
),

records as (
  select record_type, source, record_id, conversion_type, conversion_id, rule, trust, occurred_at
  from decided_records

  union all

  select
    'form' as record_type,
    source,
    record_id,
    'lead' as conversion_type,
    conversion_id,
    case when conversion_id is null then 'no_conversion' else 'evidence' end as rule,
    3 as trust,
    occurred_at
  from forms
  where place = 1

  union all

  select
    'billing_customer' as record_type,
    billing_customers.source,
    billing_customers.customer_id as record_id,
    'customer' as conversion_type,
    conversion_payers.conversion_id,
    case when conversion_payers.conversion_id is null then 'no_conversion' else 'evidence' end as rule,
    4 as trust,
    billing_customers.first_paid_at as occurred_at
  from billing_customers
  left join conversion_payers
    on conversion_payers.source = billing_customers.source
    and conversion_payers.customer_id = billing_customers.customer_id
  where billing_customers.paid_documents > 0
)

select
  records.record_type,
  records.source,
  records.record_id,
  records.conversion_type,
  records.conversion_id,
  records.rule,
  records.trust,
  records.occurred_at,
  seconds_between(coalesce(conversions.converted_at, conversion_owners.converted_at), records.occurred_at) as seconds_after
from records
left join conversions
  on conversions.conversion_id = records.conversion_id
left join conversion_owners
  on conversion_owners.conversion_id = records.conversion_id
