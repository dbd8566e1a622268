/*
description: >-
  People as the CRM knows them, deleted ones included; two of them can be one person. One row per source and contact.
grain: [source, contact_id]
key: [source, contact_id]
lookups:
  identity: { node: contact_links.identifier }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact in the CRM., tests: [not_null] }
  person_id: { type: text, description: "The person, as in `people`; a contact that the project denies is one by itself.", tests: [not_null] }
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
  contacts_feed.source,
  contacts_feed.contact_id,
  coalesce(identity.component, contact_links.identifier) as person_id,
  contacts_feed.company_id,
  contacts_feed.email,
  contacts_feed.phone,
  contacts_feed.full_name,
  contacts_feed.lifecycle_stage,
  upper(contacts_feed.original_source) as original_source,
  upper(contacts_feed.latest_source) as latest_source,
  contacts_feed.first_page_url,
  contacts_feed.first_referrer,
  nullif(contacts_feed.gclid, '') as gclid,
  nullif(contacts_feed.fbclid, '') as fbclid,
  coalesce(contacts_feed.is_deleted, false) as is_deleted,
  contacts_feed.first_seen_at,
  contacts_feed.latest_seen_at,
  contacts_feed.created_at,
  contacts_feed.updated_at
from contacts_feed
inner join contact_links
  on contact_links.source = contacts_feed.source
  and contact_links.contact_id = contacts_feed.contact_id
  and contact_links.other_identifier is null
left join identity
  on identity.node = contact_links.identifier
