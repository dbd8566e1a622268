/*
description: >-
  Single clicks Google Ads lists with their click id. One row per click id.
grain: [click_id]
source: google-ads.clicks
reads:
  account_id: text
  account_time_zone: text
  gclid: text
  date: date
  campaign_id: text
  ad_group_id: text
  _deleted: boolean
feeds: ad_clicks
columns:
  platform: { type: text, description: "Platform, as the connector is named: google_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_time_zone: { type: text, description: IANA zone of the account., tests: [not_null] }
  click_id_type: { type: text, description: gclid., tests: [not_null] }
  click_id: { type: text, description: "The click id, verbatim.", tests: [not_null, unique] }
  campaign_id: { type: text, description: Campaign. }
  segment_id: { type: text, description: Ad group; NULL where there is none. }
  click_date: { type: date, description: "Day of the click in the account's zone.", tests: [not_null] }
*/
select
  'google_ads' as platform,
  account_id,
  account_time_zone,
  'gclid' as click_id_type,
  gclid as click_id,
  campaign_id,
  ad_group_id as segment_id,
  date as click_date
from source
where not _deleted
