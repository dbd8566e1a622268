/*
description: >-
  Ads of Meta Ads with their current name and status, archived and deleted ones included. One row per account and ad.
grain: [account_id, ad_id]
source: meta-ads.ads
reads:
  account_id: text
  ad_id: text
  campaign_id: text
  ad_set_id: text
  creative_id: text
  name: text
  effective_status: text
  created_at: timestamptz
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  ad_id: { type: text, description: Id of the ad., tests: [not_null] }
  campaign_id: { type: text, description: Campaign. }
  segment_id: { type: text, description: Ad set. }
  creative_id: { type: text, description: Creative. }
  ad_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's effective status, lower case: active, paused, adset_paused, campaign_paused, disapproved, archived, deleted." }
  created_at: { type: timestamptz, description: When it was made. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  ad_id,
  campaign_id,
  ad_set_id as segment_id,
  creative_id,
  name as ad_name,
  lower(effective_status) as status,
  created_at,
  _deleted as is_deleted
from source
