/*
description: >-
  How monthly recurring revenue moved, by customer of billing and day, and the channel that first touched who became that
  customer. The sum of the amounts up to a day is the MRR of that day, over all of them that of the subscriptions that stand.
  One row per source, customer and day.
grain: [source, customer_id, moved_date]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system., tests: [not_null] }
  owner_id: { type: text, description: "Who that is, as in `conversion_owners`; NULL where no win belongs to it." }
  kind: { type: text, description: "new: the first of the customer; expansion, contraction; churn: down to nothing; reactivation: up from nothing again.", tests: [not_null, { accepted_values: [new, expansion, contraction, churn, reactivation] }] }
  first_channel: { type: text, description: "Channel of the first touchpoint on the path of its win; (unattributed): the path is empty, or no win belongs to it.", tests: [not_null] }
  amount: { type: 'decimal(18,6)', description: "Change of MRR in the project's currency: negative for contraction and churn.", tests: [not_null] }
  mrr_before: { type: 'decimal(18,6)', description: MRR of the customer at the end of the day before., tests: [not_null] }
  mrr_after: { type: 'decimal(18,6)', description: MRR of the customer at the end of the day., tests: [not_null] }
  moved_date: { type: date, description: "Day of the change in the project's time zone; one that lies ahead is an end that is known already.", tests: [not_null] }
tests:
  - sum: { column: amount, equals: { relation: subscriptions, column: standing_mrr } }
  - expression: "amount = mrr_after - mrr_before"
*/
with first_touches as (
  select conversion_id, channel
  from conversion_touchpoints
  where position = 1
),

-- The first win of the company that pays, whichever win its payer was found by.
channels as (
  select
    conversion_payers.source,
    conversion_payers.customer_id,
    conversion_owners.owner_id,
    first_touches.channel
  from conversion_payers
  inner join conversion_owners
    on conversion_owners.conversion_id = conversion_payers.conversion_id
  left join new_customers
    on new_customers.owner_id = conversion_owners.owner_id
    and new_customers.reversed_at is null
  left join first_touches
    on first_touches.conversion_id = coalesce(new_customers.conversion_id, conversion_payers.conversion_id)
),

numbered as (
  select
    mrr_changes.*,
    row_number() over (partition by source, customer_id order by moved_date) as place
  from mrr_changes
)

select
  numbered.source,
  numbered.customer_id,
  channels.owner_id,
  case
    when numbered.mrr_before = 0 and numbered.place = 1 then 'new'
    when numbered.mrr_before = 0 then 'reactivation'
    when numbered.mrr_after = 0 then 'churn'
    when numbered.amount > 0 then 'expansion'
    else 'contraction'
  end as kind,
  coalesce(channels.channel, '(unattributed)') as first_channel,
  numbered.amount,
  numbered.mrr_before,
  numbered.mrr_after,
  numbered.moved_date
from numbered
left join channels
  on channels.source = numbered.source
  and channels.customer_id = numbered.customer_id
