/*
description: >-
  Whose a conversion is. For a deal: its contacts; where it has none, its company's contacts created before the
  conversion, flagged `is_via_company`; else nobody. For a lead or a lifecycle stage: the contact. For an event: its
  person. For a payment: who has its address, else the contacts of the company with its domain. Deleted contacts are nobody. One row per conversion and person.
grain: [conversion_id, person_id]
key: conversion_id
lookups:
  deal_contacts: { source: deal_conversions.source, deal_id: deal_conversions.deal_id }
  identity: { node: payment_conversions.identifier }
  company_owners: { mail_domain: payment_conversions.mail_domain }
  contacts:
    - { source: company_owners.source, company_id: company_owners.company_id }
    - { source: deal_contacts.source, contact_id: deal_contacts.contact_id }
    - { source: deal_conversions.source, company_id: deal_conversions.company_id }
columns:
  conversion_id: { type: text, description: "Conversion, as in `conversions`.", tests: [not_null] }
  person_id: { type: text, description: Person., tests: [not_null] }
  position: { type: bigint, description: "Order of the people: the primary contact first, then by creation, then by id.", tests: [not_null] }
  is_via_company: { type: boolean, description: "Whether the person is only known through the deal's company.", tests: [not_null] }
*/
with living_contacts as (
  select source, contact_id, person_id, company_id, created_at
  from contacts
  where not is_deleted
),

people_on_deals as (
  select
    deal_conversions.conversion_id,
    living_contacts.person_id,
    deal_contacts.is_primary,
    living_contacts.created_at
  from deal_conversions
  inner join deal_contacts
    on deal_contacts.source = deal_conversions.source
    and deal_contacts.deal_id = deal_conversions.deal_id
  inner join living_contacts
    on living_contacts.source = deal_contacts.source
    and living_contacts.contact_id = deal_contacts.contact_id
),

deals_with_people as (
  select distinct conversion_id
  from people_on_deals
),

people_via_company as (
  select
    deal_conversions.conversion_id,
    living_contacts.person_id,
    living_contacts.created_at
  from deal_conversions
  left join deals_with_people
    on deals_with_people.conversion_id = deal_conversions.conversion_id
  inner join living_contacts
    on living_contacts.source = deal_conversions.source
    and living_contacts.company_id = deal_conversions.company_id
    and living_contacts.created_at < deal_conversions.converted_at
  where deals_with_people.conversion_id is null
),

payers as (
  select
    payment_conversions.conversion_id,
    identity.component as person_id,
    payment_conversions.converted_at as created_at
  from payment_conversions
  inner join identity
    on identity.node = payment_conversions.identifier
),

colleagues_of_payers as (
  select
    payment_conversions.conversion_id,
    living_contacts.person_id,
    living_contacts.created_at
  from payment_conversions
  left join payers
    on payers.conversion_id = payment_conversions.conversion_id
  inner join company_owners
    on company_owners.mail_domain = payment_conversions.mail_domain
    and company_owners.known_by = 'domain'
  inner join living_contacts
    on living_contacts.source = company_owners.source
    and living_contacts.company_id = company_owners.company_id
    and living_contacts.created_at < payment_conversions.converted_at
  where payers.conversion_id is null
),

contacts_of_conversions as (
  select conversion_id, person_id, is_primary, false as is_via_company, created_at from people_on_deals
  union all
  select conversion_id, person_id, false, true, created_at from people_via_company
  union all
  select conversion_id, person_id, true, false, converted_at from contact_conversions
  union all
  select conversion_id, person_id, true, false, converted_at from event_conversions where is_kept and person_id is not null
  union all
  select conversion_id, person_id, true, false, created_at from payers
  union all
  select conversion_id, person_id, false, true, created_at from colleagues_of_payers
),

-- two contacts can be one person
people as (
  select
    conversion_id,
    person_id,
    bool_or(is_primary) as is_primary,
    bool_and(is_via_company) as is_via_company,
    min(created_at) as created_at
  from contacts_of_conversions
  group by conversion_id, person_id
)

select
  conversion_id,
  person_id,
  row_number() over (
    partition by conversion_id
    order by case when is_primary then 0 else 1 end, created_at nulls last, byte_order(person_id)
  ) as position,
  is_via_company
from people
