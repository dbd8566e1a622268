/*
description: >-
  Campaigns of Meta Ads with their current name and status, archived and deleted ones and ones without delivery
  included. One row per account and campaign.
grain: [account_id, campaign_id]
source: meta-ads.campaigns
reads:
  account_id: text
  campaign_id: text
  name: text
  effective_status: text
  objective: text
  buying_type: text
  created_at: timestamptz
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's effective status, lower case: active, paused, archived, deleted." }
  campaign_type: { type: text, description: social., tests: [not_null] }
  objective: { type: text, description: "The platform's objective, verbatim." }
  buying_type: { type: text, description: "The platform's buying type, verbatim." }
  created_at: { type: timestamptz, description: Instant of creation. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  campaign_id,
  name as campaign_name,
  lower(effective_status) as status,
  'social' as campaign_type,
  objective,
  buying_type,
  created_at,
  _deleted as is_deleted
from source
