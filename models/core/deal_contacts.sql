/*
description: >-
  Which people belong to a deal. One row per source, deal and contact.
grain: [source, deal_id, contact_id]
key: [source, deal_id, contact_id]
lookups:
  contacts: { source: deal_contacts_feed.source, contact_id: deal_contacts_feed.contact_id }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
  person_id: { type: text, description: "The person, as in `people`; NULL where the CRM tells no such contact." }
  role: { type: text, description: Role on the deal; NULL where none. }
  is_primary: { type: boolean, description: Whether the CRM marks the contact as the primary one., tests: [not_null] }
*/
select
  deal_contacts_feed.source,
  deal_contacts_feed.deal_id,
  deal_contacts_feed.contact_id,
  contacts.person_id,
  deal_contacts_feed.role,
  coalesce(deal_contacts_feed.is_primary, false) as is_primary
from deal_contacts_feed
left join contacts
  on contacts.source = deal_contacts_feed.source
  and contacts.contact_id = deal_contacts_feed.contact_id
