/*
description: >-
  Responses to the CRM's campaigns, with what channel rules look at: the CRM as source, the kind of campaign as medium. One
  row per source and touch.
grain: [source, touch_id]
key: [source, touch_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  touch_id: { type: text, description: Id of the membership or response., tests: [not_null] }
  contact_id: { type: text, description: Contact. }
  medium: { type: text, description: "Kind of campaign, lower case." }
  campaign: { type: text, description: "Name of the campaign, in its own case of letters." }
  traffic_key: { type: text, description: "Kind of traffic, as in `traffic_channels`.", tests: [not_null] }
  is_date_only: { type: boolean, description: Whether only the day is known., tests: [not_null] }
  touched_at: { type: timestamptz, description: When the person responded., tests: [not_null] }
*/
with tidied as (
  select
    source,
    touch_id,
    contact_id,
    fold_case(tidy_text(campaign_type)) as medium,
    tidy_text(campaign_name) as campaign,
    coalesce(is_date_only, false) as is_date_only,
    touched_at
  from campaign_touches_feed
  where touched_at is not null
)

select
  source,
  touch_id,
  contact_id,
  medium,
  campaign,
  traffic_key(fold_case(source), medium, campaign, null, null) as traffic_key,
  is_date_only,
  touched_at
from tidied
