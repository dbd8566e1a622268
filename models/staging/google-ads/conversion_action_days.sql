/*
description: >-
  Conversions Google Ads claims for itself, on the day of the click. An action in the platform's column Conversions is
  claimed as that column shows it; any other as All conversions. One row per account, campaign, action and day.
grain: [account_id, campaign_id, action, attribution_window, claim_date]
source: google-ads.conversion_action_days
reads:
  account_id: text
  account_time_zone: text
  currency: text
  campaign_id: text
  date: date
  conversion_action_id: text
  conversion_action_name: text
  conversion_action_category: text
  is_in_conversions: boolean
  is_canonical: boolean
  conversions: double
  conversions_value: decimal(38,9)
  all_conversions: double
  all_conversions_value: decimal(38,9)
  _deleted: boolean
feeds: ad_claims
columns:
  platform: { type: text, description: "Platform, as the connector is named: google_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_time_zone: { type: text, description: IANA zone of the account., tests: [not_null] }
  currency: { type: text, description: Currency of the claimed value. }
  campaign_id: { type: text, description: Campaign., tests: [not_null] }
  action: { type: text, description: Id of the conversion action., tests: [not_null] }
  action_name: { type: text, description: Its name. }
  action_category: { type: text, description: "The platform's category, lower case." }
  is_canonical: { type: boolean, description: "Whether this is the one action by which the platform's claims are counted.", tests: [not_null] }
  attribution_window: { type: text, description: "default: each action has one window.", tests: [not_null] }
  claim_date: { type: date, description: Day of the click (account zone)., tests: [not_null] }
  claimed_conversions: { type: double, description: Claimed conversions. }
  claimed_value: { type: 'decimal(18,6)', description: Claimed value. }
*/
select
  'google_ads' as platform,
  account_id,
  account_time_zone,
  currency,
  campaign_id,
  conversion_action_id as action,
  conversion_action_name as action_name,
  lower(conversion_action_category) as action_category,
  coalesce(is_canonical, false) as is_canonical,
  'default' as attribution_window,
  date as claim_date,
  case when is_in_conversions then conversions else all_conversions end as claimed_conversions,
  cast(case when is_in_conversions then conversions_value else all_conversions_value end as decimal(18, 6)) as claimed_value
from source
where not _deleted
