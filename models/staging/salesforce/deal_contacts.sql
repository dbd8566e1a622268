/*
description: >-
  Contacts on Salesforce's opportunities, from their contact roles. Who has several roles on one keeps the primary, else
  the first. One row per deal and contact.
grain: [deal_id, contact_id]
source: salesforce.opportunity_contact_roles
reads:
  id: text
  opportunity_id: text
  contact_id: text
  role: text
  is_primary: boolean
  _deleted: boolean
feeds: deal_contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  is_primary: { type: boolean, description: Whether the CRM marks the contact as the primary one., tests: [not_null] }
  role: { type: text, description: Role on the deal; NULL where none. }
tests:
  - unique: [deal_id, contact_id]
*/
with roles as (
  select
    opportunity_id,
    contact_id,
    role,
    coalesce(is_primary, false) as is_primary,
    row_number() over (
      partition by opportunity_id, contact_id
      order by case when is_primary then 0 else 1 end, byte_order(id)
    ) as preference
  from source
  where not _deleted
    and opportunity_id is not null
    and contact_id is not null
)

select
  'salesforce' as source,
  opportunity_id as deal_id,
  contact_id,
  is_primary,
  role
from roles
where preference = 1
