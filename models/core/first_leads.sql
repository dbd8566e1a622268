/*
description: >-
  When each person first became a lead. One row per person with a lead.
grain: [person_id]
key: person_id
columns:
  person_id: { type: text, description: Person., tests: [not_null] }
  lead_at: { type: timestamptz, description: The earliest lead of the person., tests: [not_null] }
*/
select
  person_id,
  min(converted_at) as lead_at
from conversions
where conversion_type = 'lead' and person_id is not null
group by person_id
