/*
description: >-
  Conversions that ad platforms claim for themselves, on the day to which they book them. Claims never enter CAC: they are
  compared with what happened (`platform_reconciliation`). Each platform's claims are counted by its canonical action alone,
  since several actions claim the same conversions. One row per platform, account, campaign, action, window and day.
grain: [platform, account_id, campaign_id, action, attribution_window, claim_date]
key: [platform, account_id, campaign_id, action, attribution_window, claim_date]
lookups:
  daily_rates: { rate_date: ad_claims_feed.claim_date, currency: ad_claims_feed.currency }
columns:
  platform: { type: text, description: "Platform, as the connector is named.", tests: [not_null] }
  account_id: { type: text, description: Ad account. }
  campaign_id: { type: text, description: Campaign. }
  action: { type: text, description: "Conversion action or action type, by id." }
  attribution_window: { type: text, description: "Attribution window, as the platform names it." }
  action_name: { type: text, description: Its name. }
  action_category: { type: text, description: "The platform's category, lower case." }
  conversion_type: { type: text, description: "What is claimed, by the category (`conversion_type_by_action`); (unmapped) where that is not listed.", tests: [not_null] }
  currency: { type: text, description: Currency of the claimed value. }
  claimed_conversions: { type: 'decimal(18,6)', description: Claimed conversions., tests: [not_null] }
  claimed_value: { type: 'decimal(18,6)', description: Claimed value., tests: [not_null] }
  claimed_value_reporting: { type: 'decimal(18,6)', description: "The value in the project's currency at the last rate published by the day; NULL where that is missing." }
  is_canonical: { type: boolean, description: "Whether this is the one action by which the platform's claims are counted.", tests: [not_null] }
  claim_date: { type: date, description: "Day the platform books the conversion on, in the account's zone.", tests: [not_null] }
*/
select
  ad_claims_feed.platform,
  ad_claims_feed.account_id,
  ad_claims_feed.campaign_id,
  ad_claims_feed.action,
  ad_claims_feed.attribution_window,
  ad_claims_feed.action_name,
  ad_claims_feed.action_category,
  coalesce(conversion_type_by_action.conversion_type, '(unmapped)') as conversion_type,
  ad_claims_feed.currency,
  cast(coalesce(ad_claims_feed.claimed_conversions, 0) as decimal(18,6)) as claimed_conversions,
  cast(coalesce(ad_claims_feed.claimed_value, 0) as decimal(18,6)) as claimed_value,
  cast(
    case
      when coalesce(ad_claims_feed.claimed_value, 0) = 0 then 0
      when ad_claims_feed.currency = settings.reporting_currency then ad_claims_feed.claimed_value
      else ad_claims_feed.claimed_value * daily_rates.rate
    end as decimal(18,6)
  ) as claimed_value_reporting,
  coalesce(ad_claims_feed.is_canonical, false) as is_canonical,
  ad_claims_feed.claim_date
from ad_claims_feed
cross join settings
left join conversion_type_by_action
  on conversion_type_by_action.action_category = fold_case(ad_claims_feed.action_category)
left join daily_rates
  on daily_rates.rate_date = ad_claims_feed.claim_date
  and daily_rates.currency = ad_claims_feed.currency
