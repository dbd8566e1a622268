/*
description: >-
  Ad accounts of Google Ads, managers and closed ones included. One row per account.
grain: [account_id]
source: google-ads.accounts
reads:
  account_id: text
  name: text
  currency: text
  time_zone: text
  status: text
  is_manager: boolean
  is_test: boolean
  _deleted: boolean
columns:
  account_id: { type: text, description: Customer id without dashes., tests: [not_null, unique] }
  account_name: { type: text, description: Name. }
  currency: { type: text, description: ISO 4217 currency. }
  time_zone: { type: text, description: IANA zone in which the account's days begin. }
  status: { type: text, description: "The platform's status, lower case: enabled, canceled, suspended, closed." }
  is_manager: { type: boolean, description: Whether it manages other accounts and has no facts of its own. }
  is_test: { type: boolean, description: Whether it is a test account. }
  is_deleted: { type: boolean, description: No longer among the accounts the user reaches., tests: [not_null] }
*/
select
  account_id,
  name as account_name,
  currency,
  time_zone,
  lower(status) as status,
  is_manager,
  is_test,
  _deleted as is_deleted
from source
