/*
description: >-
  Deals that are won now, contacts that are customers where the definition says so, and whose customer each makes: its
  company's, or its first person's, by the config; one that has neither stands for itself. One row per win.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: "Conversion of the type customer.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  owner_id: { type: text, description: "What is the customer: company: or person: and its id, or the conversion.", tests: [not_null] }
  won_at: { type: timestamptz, description: When it was won. }
*/
with customers as (
  select conversion_id, source, company_id, converted_at
  from deal_conversions
  where conversion_type = 'customer'

  union all

  select conversion_id, source, company_id, converted_at
  from contact_conversions
  where conversion_type = 'customer'
)

select
  customers.conversion_id,
  customers.source,
  case
    when settings.conversion_owner = 'person' then
      coalesce('person:' || conversion_people.person_id, 'company:' || customers.company_id, customers.conversion_id)
    else coalesce('company:' || customers.company_id, customers.conversion_id)
  end as owner_id,
  customers.converted_at as won_at
from customers
cross join settings
left join conversion_people
  on conversion_people.conversion_id = customers.conversion_id
  and conversion_people.position = 1
