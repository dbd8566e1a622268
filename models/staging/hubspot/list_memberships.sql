/*
description: >-
  What is on HubSpot's lists; of a list that is gone, what was on it last. One row per list and record.
grain: [list_id, record_id]
source: hubspot.list_memberships
reads:
  list_id: text
  record_id: text
  added_at: timestamptz
  _deleted: boolean
columns:
  list_id: { type: text, description: "List, as in `hubspot_lists`.", tests: [not_null] }
  record_id: { type: text, description: "Contact, company or deal, as the list is of them.", tests: [not_null] }
  added_at: { type: timestamptz, description: Since when it is on the list. }
*/
select
  list_id,
  record_id,
  added_at
from source
where not _deleted
