/*
description: >-
  Ad accounts of Meta Ads, closed ones included. One row per account.
grain: [account_id]
source: meta-ads.accounts
reads:
  account_id: text
  name: text
  currency: text
  time_zone: text
  status: text
  _deleted: boolean
columns:
  account_id: { type: text, description: Account id without act_., tests: [not_null, unique] }
  account_name: { type: text, description: Name. }
  currency: { type: text, description: ISO 4217 currency. }
  time_zone: { type: text, description: IANA zone in which the account's days begin. }
  status: { type: text, description: "active, disabled, unsettled, closed, …" }
  is_deleted: { type: boolean, description: No longer among the accounts the token reaches., tests: [not_null] }
*/
select
  account_id,
  name as account_name,
  currency,
  time_zone,
  status,
  _deleted as is_deleted
from source
