/*
description: >-
  Contacts of HubSpot. One row per contact.
grain: [contact_id]
source: hubspot.contacts
reads:
  id: text
  associatedcompanyid: text
  email: text
  phone: text
  firstname: text
  lastname: text
  lifecyclestage: text
  hs_analytics_source: text
  hs_analytics_source_data_1: text
  hs_analytics_source_data_2: text
  hs_analytics_first_url: text
  hs_analytics_first_referrer: text
  hs_analytics_first_timestamp: timestamptz
  hs_latest_source: text
  hs_latest_source_data_1: text
  hs_latest_source_data_2: text
  hs_latest_source_timestamp: timestamptz
  hs_google_click_id: text
  hs_facebook_click_id: text
  created_at: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: contacts
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact., tests: [not_null, unique] }
  company_id: { type: text, description: Primary company; NULL where none. }
  email: { type: text, description: E-mail as entered. }
  phone: { type: text, description: Phone as entered. }
  full_name: { type: text, description: First and last name. }
  lifecycle_stage: { type: text, description: "Current lifecycle stage, by the CRM's own id." }
  original_source: { type: text, description: "Source of the first visit: ORGANIC_SEARCH, PAID_SOCIAL, …" }
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
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
*/
select
  'hubspot' as source,
  id as contact_id,
  associatedcompanyid as company_id,
  email,
  phone,
  nullif(trim(concat_ws(' ', firstname, lastname)), '') as full_name,
  lifecyclestage as lifecycle_stage,
  hs_analytics_source as original_source,
  hs_analytics_source_data_1 as original_source_detail_1,
  hs_analytics_source_data_2 as original_source_detail_2,
  hs_analytics_first_url as first_page_url,
  hs_analytics_first_referrer as first_referrer,
  hs_analytics_first_timestamp as first_seen_at,
  hs_latest_source as latest_source,
  hs_latest_source_data_1 as latest_source_detail_1,
  hs_latest_source_data_2 as latest_source_detail_2,
  hs_latest_source_timestamp as latest_seen_at,
  hs_google_click_id as gclid,
  hs_facebook_click_id as fbclid,
  created_at,
  updated_at,
  _deleted as is_deleted
from source
