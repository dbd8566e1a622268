/*
description: >-
  Creatives of Meta Ads with the parameters that they add to their links. One row per account and creative.
grain: [account_id, creative_id]
source: meta-ads.ad_creatives
reads:
  account_id: text
  creative_id: text
  name: text
  object_type: text
  call_to_action: text
  url_tags: text
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  creative_id: { type: text, description: Creative., tests: [not_null] }
  creative_name: { type: text, description: Current name. }
  object_type: { type: text, description: "What it is, verbatim: SHARE, VIDEO, …" }
  call_to_action: { type: text, description: "What its button says, verbatim." }
  url_tags: { type: text, description: "Parameters added to its links, with the platform's macros: utm_campaign={{campaign.id}}." }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  creative_id,
  name as creative_name,
  object_type,
  call_to_action,
  url_tags,
  _deleted as is_deleted
from source
