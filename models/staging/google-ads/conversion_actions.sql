/*
description: >-
  Conversion actions of Google Ads: what an account counts, and for how long after a click. One row per account and
  conversion action.
grain: [account_id, action]
source: google-ads.conversion_actions
reads:
  account_id: text
  conversion_action_id: text
  name: text
  category: text
  status: text
  is_primary: boolean
  is_in_conversions: boolean
  is_canonical: boolean
  counting_type: text
  click_through_days: bigint
  view_through_days: bigint
  _deleted: boolean
columns:
  account_id: { type: text, description: Ad account., tests: [not_null] }
  action: { type: text, description: Id of the conversion action., tests: [not_null] }
  action_name: { type: text, description: Name. }
  action_category: { type: text, description: "The platform's category, lower case." }
  status: { type: text, description: "The platform's status, lower case: enabled, removed, hidden." }
  counting_type: { type: text, description: "one_per_click or many_per_click." }
  click_through_days: { type: bigint, description: Days after a click in which it counts. }
  view_through_days: { type: bigint, description: Days after a view in which it counts. }
  is_primary: { type: boolean, description: Whether it is a primary action of its goal. }
  is_in_conversions: { type: boolean, description: Whether the platform's column Conversions counts it. }
  is_canonical: { type: boolean, description: Whether the account's claims are counted by it. }
  is_deleted: { type: boolean, description: The account no longer lists it., tests: [not_null] }
*/
select
  account_id,
  conversion_action_id as action,
  name as action_name,
  lower(category) as action_category,
  lower(status) as status,
  lower(counting_type) as counting_type,
  click_through_days,
  view_through_days,
  is_primary,
  is_in_conversions,
  is_canonical,
  _deleted as is_deleted
from source
