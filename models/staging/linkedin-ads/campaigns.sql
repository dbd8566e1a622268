/*
description: >-
  Campaigns of LinkedIn Ads, which are the feeds' segments, with their group, current name and status, removed ones
  included. One row per account and campaign.
grain: [account_id, segment_id]
source: linkedin-ads.campaigns
reads:
  account_id: text
  campaign_id: text
  campaign_group_id: text
  name: text
  status: text
  type: text
  objective_type: text
  cost_type: text
  format: text
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  segment_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_id: { type: text, description: Campaign group. }
  segment_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's status, lower case: active, paused, completed, archived, canceled, draft, pending_deletion, removed." }
  delivery_type: { type: text, description: "Kind of placement, lower case: sponsored_updates, sponsored_inmails, text_ad, dynamic." }
  objective: { type: text, description: "The platform's objective, verbatim." }
  cost_type: { type: text, description: "What is paid for, lower case: cpc, cpm, cpv." }
  ad_format: { type: text, description: "Format of its ads, lower case." }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  campaign_id as segment_id,
  campaign_group_id as campaign_id,
  name as segment_name,
  lower(status) as status,
  lower(type) as delivery_type,
  objective_type as objective,
  lower(cost_type) as cost_type,
  lower(format) as ad_format,
  _deleted as is_deleted
from source
