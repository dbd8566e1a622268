/*
description: >-
  Responses to Salesforce's campaigns. A lead's response is its contact's once it is converted. One row per membership
  with a response.
grain: [touch_id]
source: salesforce.campaign_members
reads:
  id: text
  contact_id: text
  lead_id: text
  campaign_id: text
  campaign_name: text
  campaign_type: text
  first_responded_date: date
  _deleted: boolean
feeds: campaign_touches
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  touch_id: { type: text, description: Id of the membership., tests: [not_null, unique] }
  contact_id: { type: text, description: "Contact, or lead that is not converted.", tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: Its name. }
  campaign_type: { type: text, description: "Its kind, as the organisation has it." }
  touched_at: { type: timestamptz, description: "Day of the first response, as midnight in UTC.", tests: [not_null] }
  is_date_only: { type: boolean, description: "Always true: Salesforce keeps the day.", tests: [not_null] }
*/
select
  'salesforce' as source,
  id as touch_id,
  coalesce(contact_id, lead_id) as contact_id,
  campaign_id,
  campaign_name,
  campaign_type,
  cast(first_responded_date as timestamp) at time zone 'UTC' as touched_at,
  true as is_date_only
from source
where not _deleted
  and first_responded_date is not null
  and coalesce(contact_id, lead_id) is not null
