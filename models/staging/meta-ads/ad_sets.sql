/*
description: >-
  Ad sets of Meta Ads with their current name, status and attribution window, archived and deleted ones included. One
  row per account and ad set.
grain: [account_id, segment_id]
source: meta-ads.ad_sets
reads:
  account_id: text
  ad_set_id: text
  campaign_id: text
  name: text
  effective_status: text
  optimization_goal: text
  click_through_days: bigint
  view_through_days: bigint
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  segment_id: { type: text, description: Ad set., tests: [not_null] }
  campaign_id: { type: text, description: Campaign. }
  segment_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's effective status, lower case: active, paused, campaign_paused, archived, deleted." }
  optimization_goal: { type: text, description: "What the platform optimises for, verbatim." }
  click_through_days: { type: bigint, description: Days after a click in which a conversion counts. }
  view_through_days: { type: bigint, description: Days after a view in which a conversion counts. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  ad_set_id as segment_id,
  campaign_id,
  name as segment_name,
  lower(effective_status) as status,
  optimization_goal,
  click_through_days,
  view_through_days,
  _deleted as is_deleted
from source
