/*
description: >-
  Conversions Meta Ads claims for itself. Action types overlap and windows repeat the same conversions: only the
  canonical rows may be summed. One row per account, campaign, action type, window and day.
grain: [account_id, campaign_id, action, attribution_window, claim_date]
source: meta-ads.action_days
reads:
  account_id: text
  account_time_zone: text
  currency: text
  campaign_id: text
  date: date
  action_type: text
  attribution_window: text
  is_canonical: boolean
  conversions: double
  conversion_value: decimal(38,9)
  _deleted: boolean
feeds: ad_claims
columns:
  platform: { type: text, description: "Platform, as the connector is named: meta_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_time_zone: { type: text, description: IANA zone of the account., tests: [not_null] }
  currency: { type: text, description: Currency of the claimed value. }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  action: { type: text, description: "Action type, as the platform writes it.", tests: [not_null] }
  action_name: { type: text, description: The same; the platform has no other name for it. }
  action_category: { type: text, description: "The type's last part: lead of onsite_conversion.lead, fb_pixel_lead of offsite_conversion.fb_pixel_lead." }
  is_canonical: { type: boolean, description: "Whether claims are counted by this action and window: the configured action in its ad sets' own window.", tests: [not_null] }
  attribution_window: { type: text, description: "1d_click, 7d_click, 28d_click, 1d_view; default: the ad set's own.", tests: [not_null] }
  claim_date: { type: date, description: "Day of the ad's delivery, to which the platform books it (account zone).", tests: [not_null] }
  claimed_conversions: { type: double, description: Claimed conversions. }
  claimed_value: { type: 'decimal(18,6)', description: Claimed value. }
*/
select
  'meta_ads' as platform,
  account_id,
  account_time_zone,
  currency,
  campaign_id,
  action_type as action,
  action_type as action_name,
  lower(replace(replace(action_type, 'offsite_conversion.', ''), 'onsite_conversion.', '')) as action_category,
  coalesce(is_canonical, false) as is_canonical,
  attribution_window,
  date as claim_date,
  conversions as claimed_conversions,
  cast(conversion_value as decimal(18, 6)) as claimed_value
from source
where not _deleted
