/*
description: >-
  Conversion rules of LinkedIn Ads: what an account counts on its website, and for how long after an ad. One row per
  account and rule.
grain: [account_id, action]
source: linkedin-ads.conversion_rules
reads:
  account_id: text
  conversion_id: text
  name: text
  type: text
  is_enabled: boolean
  is_canonical: boolean
  attribution_type: text
  post_click_days: bigint
  view_through_days: bigint
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  action: { type: text, description: Id of the rule., tests: [not_null] }
  action_name: { type: text, description: Name. }
  action_category: { type: text, description: "The platform's type, lower case: lead, sign_up, purchase, …" }
  attribution_type: { type: text, description: "Which campaign gets a conversion, lower case: last_touch_by_campaign, last_touch_by_conversion." }
  click_through_days: { type: bigint, description: Days after a click in which it counts. }
  view_through_days: { type: bigint, description: Days after a view in which it counts. }
  is_enabled: { type: boolean, description: Whether it counts now. }
  is_canonical: { type: boolean, description: Whether the account's claims are counted by it. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  conversion_id as action,
  name as action_name,
  lower(type) as action_category,
  lower(attribution_type) as attribution_type,
  post_click_days as click_through_days,
  view_through_days,
  is_enabled,
  is_canonical,
  _deleted as is_deleted
from source
