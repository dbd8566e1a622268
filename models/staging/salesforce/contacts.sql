/*
description: >-
  Contacts of Salesforce. Click ids and first visits are fields of the organisation's own. One row per contact.
grain: [contact_id]
source: salesforce.contacts
reads:
  id: text
  account_id: text
  email: text
  phone: text
  mobile_phone: text
  name: text
  lead_source: text
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
  created_date: timestamptz
  system_modstamp: timestamptz
  _deleted: boolean
feeds: contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact., tests: [not_null, unique] }
  company_id: { type: text, description: Account; NULL where none. }
  email: { type: text, description: E-mail as entered. }
  phone: { type: text, description: Phone as entered. }
  full_name: { type: text, description: First and last name. }
  lifecycle_stage: { type: text, description: "Always NULL: Salesforce has no stage of a contact." }
  original_source: { type: text, description: "Source of the first visit: the field named in the options, else the lead source." }
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
  'salesforce' as source,
  id as contact_id,
  account_id as company_id,
  email,
  coalesce(phone, mobile_phone) as phone,
  name as full_name,
  cast(null as text) as lifecycle_stage,
  coalesce(original_source, lead_source) as original_source,
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
  created_date as created_at,
  system_modstamp as updated_at,
  _deleted as is_deleted
from source
