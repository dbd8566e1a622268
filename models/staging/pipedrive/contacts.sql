/*
description: >-
  Persons of Pipedrive. Click ids and first visits are custom fields. One row per contact.
grain: [contact_id]
source: pipedrive.persons
reads:
  id: text
  org_id: text
  name: text
  email: text
  phone: text
  gclid: text
  fbclid: text
  first_page_url: text
  first_referrer: text
  first_seen_at: timestamptz
  original_source: text
  original_source_detail_1: text
  original_source_detail_2: text
  latest_source: text
  latest_source_detail_1: text
  latest_source_detail_2: text
  latest_seen_at: timestamptz
  add_time: timestamptz
  update_time: timestamptz
  _deleted: boolean
feeds: contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact., tests: [not_null, unique] }
  company_id: { type: text, description: Organization; NULL where none. }
  email: { type: text, description: Primary e-mail as entered. }
  phone: { type: text, description: Primary phone as entered. }
  full_name: { type: text, description: Name. }
  lifecycle_stage: { type: text, description: "Always NULL: Pipedrive has no stage of a person." }
  original_source: { type: text, description: "Source of the first visit, from the field named in the options." }
  original_source_detail_1: { type: text, description: First drill-down of the original source. }
  original_source_detail_2: { type: text, description: Second drill-down of the original source. }
  first_page_url: { type: text, description: First page seen. }
  first_referrer: { type: text, description: Referrer of the first page. }
  first_seen_at: { type: timestamptz, description: Time of the first visit. }
  latest_source: { type: text, description: "Source of the latest visit, same vocabulary." }
  latest_source_detail_1: { type: text, description: First drill-down of the latest source. }
  latest_source_detail_2: { type: text, description: Second drill-down of the latest source. }
  latest_seen_at: { type: timestamptz, description: Time of the latest visit. }
  gclid: { type: text, description: "Google click id stored on the contact, verbatim." }
  fbclid: { type: text, description: "Facebook click id stored on the contact, verbatim." }
  created_at: { type: timestamptz, description: When the contact was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When the contact was last changed. }
  is_deleted: { type: boolean, description: "Deleted or merged away.", tests: [not_null] }
*/
select
  'pipedrive' as source,
  id as contact_id,
  org_id as company_id,
  email,
  phone,
  name as full_name,
  cast(null as text) as lifecycle_stage,
  original_source,
  original_source_detail_1,
  original_source_detail_2,
  first_page_url,
  first_referrer,
  first_seen_at,
  latest_source,
  latest_source_detail_1,
  latest_source_detail_2,
  latest_seen_at,
  gclid,
  fbclid,
  add_time as created_at,
  update_time as updated_at,
  _deleted as is_deleted
from source
