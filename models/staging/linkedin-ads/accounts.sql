/*
description: >-
  Ad accounts of LinkedIn Ads, canceled ones included. One row per account.
grain: [account_id]
source: linkedin-ads.accounts
reads:
  account_id: text
  name: text
  currency: text
  time_zone: text
  status: text
  is_test: boolean
  _deleted: boolean
columns:
  account_id: { type: text, description: Account id., tests: [not_null, unique] }
  account_name: { type: text, description: Name. }
  currency: { type: text, description: ISO 4217 currency. }
  time_zone: { type: text, description: "IANA zone in which the account's days begin: UTC on this platform." }
  status: { type: text, description: "active, draft, canceled, pending_deletion, removed." }
  is_test: { type: boolean, description: Whether it is a test account., tests: [not_null] }
  is_deleted: { type: boolean, description: The member has no role on it any more., tests: [not_null] }
*/
select
  account_id,
  name as account_name,
  currency,
  time_zone,
  status,
  coalesce(is_test, false) as is_test,
  _deleted as is_deleted
from source
