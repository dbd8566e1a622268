/*
description: >-
  Contacts on Pipedrive's deals: the person a deal names, which is the primary one, and its participants. One row per deal
  and contact.
grain: [deal_id, contact_id]
source: pipedrive.deal_persons
reads:
  deal_id: text
  person_id: text
  is_primary: boolean
feeds: deal_contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  is_primary: { type: boolean, description: Whether the CRM marks the contact as the primary one., tests: [not_null] }
  role: { type: text, description: "Always NULL: participants have no role." }
tests:
  - unique: [deal_id, contact_id]
*/
select
  'pipedrive' as source,
  deal_id,
  person_id as contact_id,
  coalesce(is_primary, false) as is_primary,
  cast(null as text) as role
from source
