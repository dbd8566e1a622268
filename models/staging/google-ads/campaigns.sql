/*
description: >-
  Campaigns of Google Ads with their current name and status, removed ones and ones without delivery included. One row
  per account and campaign.
grain: [account_id, campaign_id]
source: google-ads.campaigns
reads:
  account_id: text
  campaign_id: text
  name: text
  status: text
  channel_type: text
  channel_sub_type: text
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  campaign_name: { type: text, description: Current name. }
  status: { type: text, description: "The platform's status, lower case: enabled, paused, removed." }
  campaign_type: { type: text, description: "Kind of campaign: search, performance_max, display, video, shopping, or other.", tests: [not_null] }
  channel_type: { type: text, description: "The platform's channel type, verbatim." }
  channel_sub_type: { type: text, description: "The platform's channel sub-type, verbatim." }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  campaign_id,
  name as campaign_name,
  lower(status) as status,
  case
    when channel_type in ('SEARCH', 'PERFORMANCE_MAX', 'DISPLAY', 'VIDEO', 'SHOPPING') then lower(channel_type)
    else 'other'
  end as campaign_type,
  channel_type,
  channel_sub_type,
  _deleted as is_deleted
from source
