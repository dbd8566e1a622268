/*
description: >-
  What a customer of billing brings in a month before and after each day on which that changed, over all its subscriptions, in
  the project's currency. One row per source, customer and day.
grain: [source, customer_id, moved_date]
key: [source, customer_id]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: "Customer in the billing system; where none is told, the subscription: subscription:sub_1.", tests: [not_null] }
  amount: { type: 'decimal(18,6)', description: "after less before, never 0.", tests: [not_null, { expression: amount <> 0 }] }
  mrr_before: { type: 'decimal(18,6)', description: MRR at the end of the day before., tests: [not_null, { between: [0, null] }] }
  mrr_after: { type: 'decimal(18,6)', description: MRR at the end of the day., tests: [not_null, { between: [0, null] }] }
  moved_date: { type: date, description: "Day of the change in the project's time zone; one that lies ahead is an end that is known already.", tests: [not_null] }
*/
with ends as (
  select source, subscription_id, customer_id, counts_from as moved_at, mrr as amount
  from subscriptions
  where mrr_status = 'counted'

  union all

  select source, subscription_id, customer_id, counts_to as moved_at, -mrr as amount
  from subscriptions
  where mrr_status = 'counted' and counts_to is not null
),

days as (
  select
    ends.source,
    coalesce(ends.customer_id, 'subscription:' || ends.subscription_id) as customer_id,
    local_date(ends.moved_at, settings.time_zone) as moved_date,
    cast(sum(ends.amount) as decimal(18,6)) as amount
  from ends
  cross join settings
  group by
    ends.source,
    coalesce(ends.customer_id, 'subscription:' || ends.subscription_id),
    local_date(ends.moved_at, settings.time_zone)
  having sum(ends.amount) <> 0
),

running as (
  select
    source,
    customer_id,
    amount,
    cast(sum(amount) over (partition by source, customer_id order by moved_date) as decimal(18,6)) as mrr_after,
    moved_date
  from days
)

select
  source,
  customer_id,
  amount,
  cast(mrr_after - amount as decimal(18,6)) as mrr_before,
  mrr_after,
  moved_date
from running
