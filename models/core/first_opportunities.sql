/*
description: >-
  When each deal became an opportunity. One row per source and deal with an opportunity.
grain: [source, deal_id]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  opportunity_at: { type: timestamptz, description: The earliest opportunity of the deal., tests: [not_null] }
*/
select
  source,
  deal_id,
  min(converted_at) as opportunity_at
from conversions
where conversion_type = 'opportunity' and deal_id is not null
group by source, deal_id
