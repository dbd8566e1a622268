/*
description: >-
  Forms of HubSpot. One row per form.
grain: [form_id]
source: hubspot.forms
reads:
  id: text
  name: text
  form_type: text
  is_archived: boolean
  created_at: timestamptz
  _deleted: boolean
columns:
  form_id: { type: text, description: Id of the form., tests: [not_null, unique] }
  form_name: { type: text, description: Name. }
  form_type: { type: text, description: "hubspot, captured (a form of the site that HubSpot listens to) or flow (a pop-up)." }
  created_at: { type: timestamptz, description: When it was made. }
  is_deleted: { type: boolean, description: Archived or deleted., tests: [not_null] }
*/
select
  id as form_id,
  name as form_name,
  form_type,
  created_at,
  coalesce(is_archived, false) or _deleted as is_deleted
from source
