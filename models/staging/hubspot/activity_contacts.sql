/*
description: >-
  Contacts of HubSpot's activities. One row per activity and contact.
grain: [activity_id, contact_id]
source: hubspot.activity_contacts
reads:
  kind: text
  activity_id: text
  contact_id: text
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  activity_id: { type: text, description: "Kind and id: meetings:123.", tests: [not_null] }
  contact_id: { type: text, description: Contact., tests: [not_null] }
tests:
  - unique: [activity_id, contact_id]
*/
select
  'hubspot' as source,
  kind || ':' || activity_id as activity_id,
  contact_id
from source
