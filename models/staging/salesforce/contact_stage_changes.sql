/*
description: >-
  When people became leads in Salesforce: the creation of the lead, which is before that of the contact it is converted to.
  Other stages are not told to the hour: the conversion is a day, and a status has no history unless it is tracked. One row
  per contact and time of entry.
grain: [contact_id, entered_at]
source: salesforce.leads
reads:
  id: text
  converted_contact_id: text
  created_date: timestamptz
  _deleted: boolean
feeds: contact_stage_changes
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: "Contact the lead became, else the lead.", tests: [not_null] }
  lifecycle_stage: { type: text, description: "Always lead.", tests: [not_null] }
  entered_at: { type: timestamptz, description: When it was entered., tests: [not_null] }
  actor: { type: text, description: "Always automation: who entered a lead is not told.", tests: [not_null, { accepted_values: [manual, automation, import] }] }
  recorded_at: { type: timestamptz, description: "When the CRM learnt of it: the same time.", tests: [not_null] }
tests:
  - unique: [contact_id, entered_at]
*/
with leads as (
  select
    coalesce(converted_contact_id, id) as contact_id,
    created_date,
    row_number() over (partition by coalesce(converted_contact_id, id), created_date order by byte_order(id)) as preference
  from source
  where not _deleted
    and created_date is not null
)

select
  'salesforce' as source,
  contact_id,
  'lead' as lifecycle_stage,
  created_date as entered_at,
  'automation' as actor,
  created_date as recorded_at
from leads
where preference = 1
