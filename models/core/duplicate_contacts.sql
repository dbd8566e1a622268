/*
description: >-
  Contacts of a CRM that are a person who is there already: of the same e-mail address, or joined by a phone, a user, or what
  else identifies people. The oldest of them is none. One row per source and duplicate.
grain: [source, contact_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: The duplicate., tests: [not_null] }
  first_contact_id: { type: text, description: The oldest contact of the same., tests: [not_null] }
  person_id: { type: text, description: Its person., tests: [not_null] }
  rule: { type: text, description: "Why: address, or person.", tests: [not_null, { accepted_values: [address, person] }] }
  created_at: { type: timestamptz, description: When the duplicate was created. }
*/
with living as (
  select source, contact_id, person_id, email_address(email) as address, created_at
  from contacts
  where not is_deleted
),

-- Without an identity secret addresses join nobody, and are compared all the same.
by_address as (
  select
    source,
    contact_id,
    first_value(contact_id) over (partition by source, address order by created_at nulls first, byte_order(contact_id)) as first_contact_id
  from living
  where address is not null
),

by_person as (
  select
    source,
    contact_id,
    first_value(contact_id) over (partition by source, person_id order by created_at nulls first, byte_order(contact_id)) as first_contact_id
  from living
)

select
  living.source,
  living.contact_id,
  case when by_address.first_contact_id <> living.contact_id then by_address.first_contact_id else by_person.first_contact_id end as first_contact_id,
  living.person_id,
  case when by_address.first_contact_id <> living.contact_id then 'address' else 'person' end as rule,
  living.created_at
from living
inner join by_person
  on by_person.source = living.source
  and by_person.contact_id = living.contact_id
left join by_address
  on by_address.source = living.source
  and by_address.contact_id = living.contact_id
where by_person.first_contact_id <> living.contact_id
  or by_address.first_contact_id <> living.contact_id
