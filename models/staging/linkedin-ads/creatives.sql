/*
description: >-
  Creatives of LinkedIn Ads with their campaign and status. One row per account and creative.
grain: [account_id, creative_id]
source: linkedin-ads.creatives
reads:
  account_id: text
  creative_id: text
  campaign_id: text
  name: text
  intended_status: text
  is_serving: boolean
  content_reference: text
  created_at: timestamptz
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  creative_id: { type: text, description: Creative., tests: [not_null] }
  segment_id: { type: text, description: Campaign. }
  creative_name: { type: text, description: Current name. }
  status: { type: text, description: "The status it is meant to have, lower case: active, paused, archived, canceled, draft, …" }
  content_reference: { type: text, description: "What it shows: the URN of a post." }
  is_serving: { type: boolean, description: Whether it is delivered. }
  created_at: { type: timestamptz, description: Instant of creation. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  creative_id,
  campaign_id as segment_id,
  name as creative_name,
  lower(intended_status) as status,
  content_reference,
  is_serving,
  created_at,
  _deleted as is_deleted
from source
