/*
description: >-
  Subscriptions of Stripe in every version that was read, ended ones included. A version is from when it was found, the
  first one from the start of the subscription, one that ends a trial or the subscription from the time told for that.
  Paused collection is the status paused. One row per subscription and start of a version.
grain: [subscription_id, valid_from]
source: stripe.subscriptions
history: true
reads:
  id: text
  status: text
  customer_id: text
  currency: text
  smallest_unit: decimal(38,9)
  monthly_amount: decimal(38,9)
  no_amount_reason: text
  is_collection_paused: boolean
  started_at: timestamptz
  trial_end_at: timestamptz
  ended_at: timestamptz
  created_at: timestamptz
  _deleted: boolean
  _replaced_at: timestamptz
feeds: subscriptions
columns:
  source: { type: text, description: "Billing system, as the connector is named.", tests: [not_null] }
  subscription_id: { type: text, description: Id of the subscription., tests: [not_null] }
  customer_id: { type: text, description: Customer. }
  customer_email: { type: text, description: "Always NULL: the customer is named by id." }
  status: { type: text, description: "trialing, active, past_due, unpaid, paused, canceled, incomplete or incomplete_expired.", tests: [{ accepted_values: [trialing, active, past_due, unpaid, paused, canceled, incomplete, incomplete_expired] }] }
  currency: { type: text, description: "ISO 4217 currency, upper case." }
  amount: { type: 'decimal(18,6)', description: "What it brings in a month, in the currency's main unit, less coupons that stay for ever; NULL where its prices do not tell." }
  no_amount_reason: { type: text, description: "Why there is no amount: metered, tiered, customer_chooses, item_discount, mixed_intervals, not_recurring." }
  billing_interval: { type: text, description: "Always month.", tests: [not_null] }
  interval_count: { type: integer, description: "Always 1.", tests: [not_null] }
  valid_from: { type: timestamptz, description: Since when it is like this., tests: [not_null] }
  started_at: { type: timestamptz, description: When it started. }
  trial_ends_at: { type: timestamptz, description: End of its trial; NULL where none. }
  ended_at: { type: timestamptz, description: When it ended; NULL where it has not. }
  is_deleted: { type: boolean, description: "Always false: subscriptions end, they are not deleted.", tests: [not_null] }
*/
with versions as (
  select
    source.*,
    case when is_collection_paused and status in ('active', 'past_due') then 'paused' else status end as shown_status,
    lag(_replaced_at) over (partition by id order by _replaced_at nulls last) as found_at,
    lag(status) over (partition by id order by _replaced_at nulls last) as previous_status
  from source
),

-- What Stripe dates itself it dates better than the run that found it.
dated as (
  select
    versions.*,
    case
      when status = 'canceled' then ended_at
      when previous_status = 'trialing' and status in ('active', 'past_due') then trial_end_at
    end as happened_at,
    lag(found_at) over (partition by id order by found_at nulls first) as previous_found_at
  from versions
),

placed as (
  select
    dated.*,
    case
      when found_at is null then coalesce(started_at, created_at)
      when happened_at < found_at and happened_at > coalesce(previous_found_at, started_at, created_at) then happened_at
      else found_at
    end as valid_from,
    row_number() over (
      partition by id, coalesce(found_at, started_at, created_at)
      order by _replaced_at desc nulls first
    ) as preference
  from dated
)

select
  'stripe' as source,
  id as subscription_id,
  customer_id,
  cast(null as text) as customer_email,
  shown_status as status,
  upper(currency) as currency,
  cast(monthly_amount * cast(smallest_unit as decimal(4,3)) as decimal(18,6)) as amount,
  no_amount_reason,
  'month' as billing_interval,
  1 as interval_count,
  valid_from,
  started_at,
  trial_end_at as trial_ends_at,
  ended_at,
  _deleted as is_deleted
from placed
where valid_from is not null and preference = 1
