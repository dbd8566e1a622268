/*
description: >-
  People as the CRM knows them, deleted ones included. Until identities are resolved across systems, a contact is a
  person. One row per source and contact.
grain: [source, contact_id]
key: [source, contact_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact in the CRM., tests: [not_null] }
  person_id: { type: text, description: "The person: source and contact id.", tests: [not_null, unique] }
  company_id: { type: text, description: Primary company; NULL where none. }
  email: { type: text, description: E-mail as entered. }
  phone: { type: text, description: Phone as entered. }
  full_name: { type: text, description: Name. }
  lifecycle_stage: { type: text, description: "Current lifecycle stage, by the CRM's own id." }
  original_source: { type: text, description: "Source of the first visit by the CRM, upper case." }
  latest_source: { type: text, description: "Source of the latest visit by the CRM, upper case." }
  first_page_url: { type: text, description: First page seen. }
  first_referrer: { type: text, description: Referrer of the first page. }
  gclid: { type: text, description: "Google click id stored on the contact, verbatim." }
  fbclid: { type: text, description: "Facebook click id stored on the contact, verbatim." }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
  first_seen_at: { type: timestamptz, description: Time of the first visit; NULL where the CRM has none. }
  latest_seen_at: { type: timestamptz, description: Time of the latest visit; NULL where the CRM has none. }
  created_at: { type: timestamptz, description: When the contact was created. }
  updated_at: { type: timestamptz, description: When the contact was last changed. }
*/
select
  source,
  contact_id,
  source || ':' || contact_id as person_id,
  company_id,
  email,
  phone,
  full_name,
  lifecycle_stage,
  upper(original_source) as original_source,
  upper(latest_source) as latest_source,
  first_page_url,
  first_referrer,
  nullif(gclid, '') as gclid,
  nullif(fbclid, '') as fbclid,
  coalesce(is_deleted, false) as is_deleted,
  first_seen_at,
  latest_seen_at,
  created_at,
  updated_at
from contacts_feed
