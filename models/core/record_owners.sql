/*
description: >-
  People whom deals, tickets and activities of a CRM belong to, by name and never by e-mail: `deals.owner_id`,
  `tickets.handled_by`. One row per source and owner.
grain: [source, owner_id]
key: [source, owner_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  owner_id: { type: text, description: "Id of the owner, as records name it.", tests: [not_null] }
  owner_name: { type: text, description: "Name; the word owner and the id where the CRM has none but an e-mail.", tests: [not_null] }
  is_active: { type: boolean, description: Whether the person still works with the CRM., tests: [not_null] }
*/
select
  source,
  owner_id,
  case when owner_name like '%@%' then 'owner ' || owner_id else coalesce(owner_name, 'owner ' || owner_id) end as owner_name,
  coalesce(is_active, false) as is_active
from owners_feed
