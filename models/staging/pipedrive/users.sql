/*
description: >-
  People that Pipedrive's records belong to, those who are deactivated included. One row per owner.
grain: [owner_id]
source: pipedrive.users
reads:
  id: text
  name: text
  email: text
  is_active: boolean
  _deleted: boolean
feeds: owners
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  owner_id: { type: text, description: Id of the owner., tests: [not_null, unique] }
  owner_name: { type: text, description: Name. }
  email: { type: text, description: E-mail. }
  is_active: { type: boolean, description: Whether the person still works with the CRM., tests: [not_null] }
*/
select
  'pipedrive' as source,
  id as owner_id,
  nullif(trim(name), '') as owner_name,
  email,
  coalesce(is_active, false) and not _deleted as is_active
from source
