/*
description: >-
  Contacts on HubSpot's deals. HubSpot has no primary contact of a deal; a label given to the link is the role. One row
  per deal and contact.
grain: [deal_id, contact_id]
source: hubspot.deal_contacts
reads:
  deal_id: text
  contact_id: text
  is_primary: boolean
  label: text
feeds: deal_contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  is_primary: { type: boolean, description: Whether the CRM marks the contact as the primary one., tests: [not_null] }
  role: { type: text, description: Label of the link; NULL where none. }
tests:
  - unique: [deal_id, contact_id]
*/
select
  'hubspot' as source,
  deal_id,
  contact_id,
  coalesce(is_primary, false) as is_primary,
  label as role
from source
