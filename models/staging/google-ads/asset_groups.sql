/*
description: >-
  Asset groups of Performance Max with their current name and status. One row per account and asset group.
grain: [account_id, asset_group_id]
source: google-ads.asset_groups
reads:
  account_id: text
  asset_group_id: text
  campaign_id: text
  name: text
  status: text
  ad_strength: text
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  asset_group_id: { type: text, description: Asset group., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  asset_group_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's status, lower case: enabled, paused, removed." }
  ad_strength: { type: text, description: "The platform's judgement of its assets, lower case." }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  asset_group_id,
  campaign_id,
  name as asset_group_name,
  lower(status) as status,
  lower(ad_strength) as ad_strength,
  _deleted as is_deleted
from source
