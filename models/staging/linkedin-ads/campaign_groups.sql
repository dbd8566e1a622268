/*
description: >-
  Campaign groups of LinkedIn Ads, which are the feeds' campaigns, with their current name and status, removed ones and
  ones without delivery included. One row per account and campaign group.
grain: [account_id, campaign_id]
source: linkedin-ads.campaign_groups
reads:
  account_id: text
  campaign_group_id: text
  name: text
  status: text
  objective_type: text
  run_start: timestamptz
  run_end: timestamptz
  created_at: timestamptz
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign group., tests: [not_null] }
  campaign_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's status, lower case: active, paused, archived, canceled, draft, pending_deletion, removed." }
  campaign_type: { type: text, description: social., tests: [not_null] }
  objective: { type: text, description: "The platform's objective, verbatim; NULL where it is set per campaign." }
  run_start: { type: timestamptz, description: When it starts to run. }
  run_end: { type: timestamptz, description: When it stops; NULL where open. }
  created_at: { type: timestamptz, description: Instant of creation. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  campaign_group_id as campaign_id,
  name as campaign_name,
  lower(status) as status,
  'social' as campaign_type,
  objective_type as objective,
  run_start,
  run_end,
  created_at,
  _deleted as is_deleted
from source
