/*
description: >-
  Subscriptions of Stripe with their items, ended ones included. One row per subscription.
grain: [subscription_id]
source: stripe.subscriptions
reads:
  id: text
  status: text
  customer_id: text
  currency: text
  collection_method: text
  is_cancelled_at_period_end: boolean
  items: json
  started_at: timestamptz
  trial_start_at: timestamptz
  trial_end_at: timestamptz
  cancel_at: timestamptz
  canceled_at: timestamptz
  ended_at: timestamptz
  created_at: timestamptz
  _deleted: boolean
columns:
  subscription_id: { type: text, description: Id of the subscription., tests: [not_null, unique] }
  customer_id: { type: text, description: Customer. }
  status: { type: text, description: "trialing, active, past_due, unpaid, paused, canceled, incomplete or incomplete_expired." }
  currency: { type: text, description: "ISO 4217 currency, upper case." }
  collection_method: { type: text, description: charge_automatically or send_invoice. }
  items: { type: json, description: "What it is for: price, quantity, interval; unit_amount in the currency's smallest unit." }
  is_cancelled_at_period_end: { type: boolean, description: Whether it ends with its period. }
  is_deleted: { type: boolean, description: "Always false: subscriptions end, they are not deleted.", tests: [not_null] }
  started_at: { type: timestamptz, description: When it started. }
  trial_start_at: { type: timestamptz, description: Start of its trial; NULL where none. }
  trial_end_at: { type: timestamptz, description: End of its trial; NULL where none. }
  cancel_at: { type: timestamptz, description: When it is to end; NULL where that is open. }
  canceled_at: { type: timestamptz, description: When it was cancelled; NULL where it was not. }
  ended_at: { type: timestamptz, description: When it ended; NULL where it has not. }
  created_at: { type: timestamptz, description: When it was created. }
*/
select
  id as subscription_id,
  customer_id,
  status,
  upper(currency) as currency,
  collection_method,
  items,
  is_cancelled_at_period_end,
  _deleted as is_deleted,
  started_at,
  trial_start_at,
  trial_end_at,
  cancel_at,
  canceled_at,
  ended_at,
  created_at
from source
