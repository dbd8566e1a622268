/*
description: >-
  Ad clicks that a platform lists, with their campaign: where two platforms list one id, the first by name has it. One row
  per kind of click id and click id.
grain: [click_id_type, click_id]
key: [click_id_type, click_id]
columns:
  click_id_type: { type: text, description: "gclid, …", tests: [not_null] }
  click_id: { type: text, description: "The click id, verbatim.", tests: [not_null] }
  platform: { type: text, description: Ad platform., tests: [not_null] }
  account_id: { type: text, description: Ad account. }
  campaign_id: { type: text, description: Campaign. }
  clicked_at: { type: timestamptz, description: "Beginning of the day of the click, in the account's time zone; in the project's where that is not known." }
*/
with ranked as (
  select
    ad_clicks_feed.click_id_type,
    ad_clicks_feed.click_id,
    ad_clicks_feed.platform,
    ad_clicks_feed.account_id,
    ad_clicks_feed.campaign_id,
    day_start(ad_clicks_feed.click_date, coalesce(ad_clicks_feed.account_time_zone, settings.time_zone)) as clicked_at,
    row_number() over (
      partition by ad_clicks_feed.click_id_type, ad_clicks_feed.click_id
      order by byte_order(ad_clicks_feed.platform)
    ) as preference
  from ad_clicks_feed
  cross join settings
)

select
  click_id_type,
  click_id,
  platform,
  account_id,
  campaign_id,
  clicked_at
from ranked
where preference = 1
