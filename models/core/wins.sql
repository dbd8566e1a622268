/*
description: >-
  Deals that are won now, and whose customer each makes: its company's, or its first person's, by the config; a deal that
  has neither stands for itself. One row per win.
grain: [conversion_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: "Conversion of the type customer.", tests: [not_null] }
  source: { type: text, description: CRM that tells it., tests: [not_null] }
  owner_id: { type: text, description: "What is the customer: company: or person: and its id, or the conversion.", tests: [not_null] }
  won_at: { type: timestamptz, description: When the deal was won. }
*/
select
  deal_conversions.conversion_id,
  deal_conversions.source,
  case
    when settings.conversion_owner = 'person' then
      coalesce(
        'person:' || conversion_people.person_id,
        'company:' || deal_conversions.company_id,
        deal_conversions.conversion_id
      )
    else coalesce('company:' || deal_conversions.company_id, deal_conversions.conversion_id)
  end as owner_id,
  deal_conversions.converted_at as won_at
from deal_conversions
cross join settings
left join conversion_people
  on conversion_people.conversion_id = deal_conversions.conversion_id
  and conversion_people.position = 1
where deal_conversions.conversion_type = 'customer'
