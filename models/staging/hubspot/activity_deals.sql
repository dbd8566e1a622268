/*
description: >-
  Deals of HubSpot's activities. One row per activity and deal.
grain: [activity_id, deal_id]
source: hubspot.activity_deals
reads:
  kind: text
  activity_id: text
  deal_id: text
feeds: activity_deals
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  activity_id: { type: text, description: "Kind and id: meetings:123.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
tests:
  - unique: [activity_id, deal_id]
*/
select
  'hubspot' as source,
  kind || ':' || activity_id as activity_id,
  deal_id
from source
