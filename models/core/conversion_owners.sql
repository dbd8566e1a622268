/*
description: >-
  Every record of the CRMs that could be a conversion, and whose it is. Customers and opportunities are the company's, in
  all CRMs the same; without one that of the first person, else the person's own: free mail stands alone. Where customers
  are people by the config, the first person's. Leads, mqls and sqls are the person's. What has nobody stands for itself.
  One row per conversion, duplicates included.
grain: [conversion_id]
key: conversion_id
lookups:
  people: { person_id: conversion_people.person_id }
  company_owners:
    - { mail_domain: payment_conversions.mail_domain }
    - { source: deal_conversions.source, company_id: deal_conversions.company_id }
    - { source: contact_conversions.source, company_id: contact_conversions.company_id }
    - { source: people.contact_source, company_id: people.company_id }
columns:
  conversion_id: { type: text, description: "Conversion, as in `conversions`.", tests: [not_null] }
  conversion_type: { type: text, description: "lead, mql, sql, opportunity or customer.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  series: { type: text, description: "Records of one series are conversions of their own: those of one source; and orders with a number, whoever tells them.", tests: [not_null] }
  owner_id: { type: text, description: "company: and the domain, or the CRM and its id; person: and its id; payer: and the billing system with its customer; or the conversion.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it happened. }
  reversed_at: { type: timestamptz, description: "When the deal of a win was re-opened or lost; NULL of what stands, and of refunds." }
*/
with records as (
  select
    conversion_id,
    conversion_type,
    source,
    source as series,
    company_id,
    cast(null as text) as mail_domain,
    cast(null as text) as payer,
    converted_at,
    reversed_at
  from deal_conversions

  union all

  select conversion_id, conversion_type, source, source, company_id, null, null, converted_at, null
  from contact_conversions

  union all

  select
    conversion_id,
    conversion_type,
    source,
    case when order_id is null then source else '(orders)' end,
    null,
    null,
    null,
    converted_at,
    null
  from event_conversions
  where is_kept

  union all

  select
    conversion_id,
    'customer',
    source,
    source,
    null,
    mail_domain,
    'payer:' || source || ':' || customer_id,
    converted_at,
    null
  from payment_conversions
),

companies_of_domains as (
  select mail_domain, min(owner_id) as owner_id
  from company_owners
  where known_by = 'domain'
  group by mail_domain
),

possible_owners as (
  select
    records.conversion_id,
    records.conversion_type,
    records.source,
    records.series,
    coalesce(
      own_companies.owner_id,
      'company:' || records.source || ':' || records.company_id,
      companies_of_domains.owner_id
    ) as company,
    coalesce(
      companies_of_people.owner_id,
      'company:' || people.contact_source || ':' || people.company_id
    ) as company_of_person,
    'person:' || conversion_people.person_id as person,
    coalesce(records.payer, records.conversion_id) as record,
    records.converted_at,
    records.reversed_at
  from records
  left join company_owners as own_companies
    on own_companies.source = records.source
    and own_companies.company_id = records.company_id
  left join companies_of_domains
    on companies_of_domains.mail_domain = records.mail_domain
  left join conversion_people
    on conversion_people.conversion_id = records.conversion_id
    and conversion_people.position = 1
  left join people
    on people.person_id = conversion_people.person_id
  left join company_owners as companies_of_people
    on companies_of_people.source = people.contact_source
    and companies_of_people.company_id = people.company_id
)

select
  possible_owners.conversion_id,
  possible_owners.conversion_type,
  possible_owners.source,
  possible_owners.series,
  case
    when possible_owners.conversion_type in ('lead', 'mql', 'sql') or settings.conversion_owner = 'person'
      then coalesce(possible_owners.person, possible_owners.company, possible_owners.record)
    else
      coalesce(
        possible_owners.company,
        possible_owners.company_of_person,
        possible_owners.person,
        possible_owners.record
      )
  end as owner_id,
  possible_owners.converted_at,
  possible_owners.reversed_at
from possible_owners
cross join settings
