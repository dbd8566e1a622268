/*
description: >-
  Lists of HubSpot (segments), deleted ones included. One row per list.
grain: [list_id]
source: hubspot.lists
reads:
  id: text
  name: text
  object_type_id: text
  processing_type: text
  size: bigint
  created_at: timestamptz
  _deleted: boolean
columns:
  list_id: { type: text, description: Id of the list., tests: [not_null, unique] }
  list_name: { type: text, description: Name. }
  record_type: { type: text, description: "What is on it: contacts, companies, deals, or the platform's id of another type." }
  made_by: { type: text, description: "manual, dynamic (filters that go on) or snapshot (filters, once)." }
  records: { type: bigint, description: "How many records are on it, as the platform says." }
  created_at: { type: timestamptz, description: When it was made. }
  is_deleted: { type: boolean, description: Whether it is gone., tests: [not_null] }
*/
select
  id as list_id,
  name as list_name,
  case object_type_id when '0-1' then 'contacts' when '0-2' then 'companies' when '0-3' then 'deals' else object_type_id end as record_type,
  lower(processing_type) as made_by,
  size as records,
  created_at,
  _deleted as is_deleted
from source
