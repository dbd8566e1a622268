/*
description: >-
  Which people belong to a deal. One row per source, deal and contact.
grain: [source, deal_id, contact_id]
key: [source, deal_id, contact_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  person_id: { type: text, description: "The person: source and contact id.", tests: [not_null] }
  role: { type: text, description: Role on the deal; NULL where none. }
  is_primary: { type: boolean, description: Whether the CRM marks the contact as the primary one., tests: [not_null] }
*/
select
  source,
  deal_id,
  contact_id,
  source || ':' || contact_id as person_id,
  role,
  coalesce(is_primary, false) as is_primary
from deal_contacts_feed
