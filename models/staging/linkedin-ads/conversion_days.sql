/*
description: >-
  Conversions LinkedIn Ads claims for itself. Rules overlap and windows repeat the same conversions: only the canonical
  rows may be summed. One row per account, campaign group, rule, window and day.
grain: [account_id, campaign_id, action, attribution_window, claim_date]
source: linkedin-ads.conversion_days
reads:
  account_id: text
  account_time_zone: text
  currency: text
  campaign_group_id: text
  date: date
  conversion_id: text
  conversion_name: text
  conversion_type: text
  attribution_window: text
  is_canonical: boolean
  conversions: double
  conversion_value: decimal(38,9)
  _deleted: boolean
feeds: ad_claims
columns:
  platform: { type: text, description: "Platform, as the connector is named: linkedin_ads.", tests: [not_null] }
  account_id: { type: text, description: Ad account., tests: [not_null] }
  account_time_zone: { type: text, description: IANA zone of the account., tests: [not_null] }
  currency: { type: text, description: Currency of the claimed value. }
  campaign_id: { type: text, description: Campaign group., tests: [not_null] }
  action: { type: text, description: "Id of the conversion rule; one_click_leads: the platform's own lead forms.", tests: [not_null] }
  action_name: { type: text, description: Name of the rule. }
  action_category: { type: text, description: "The platform's type, lower case: lead, sign_up, purchase, …" }
  is_canonical: { type: boolean, description: "Whether claims are counted by this rule and window.", tests: [not_null] }
  attribution_window: { type: text, description: "default: the rule's own, click and view; post_click and post_view are its parts.", tests: [not_null] }
  claim_date: { type: date, description: "Day to which the platform books it (UTC).", tests: [not_null] }
  claimed_conversions: { type: double, description: Claimed conversions. }
  claimed_value: { type: 'decimal(18,6)', description: "Claimed value; NULL for the parts of a window, and for lead forms." }
*/
select
  'linkedin_ads' as platform,
  account_id,
  account_time_zone,
  currency,
  campaign_group_id as campaign_id,
  conversion_id as action,
  conversion_name as action_name,
  lower(conversion_type) as action_category,
  coalesce(is_canonical, false) as is_canonical,
  attribution_window,
  date as claim_date,
  conversions as claimed_conversions,
  cast(conversion_value as decimal(18, 6)) as claimed_value
from source
where not _deleted
