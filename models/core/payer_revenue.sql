/*
description: >-
  What each customer of billing paid and got back, in the project's currency: paid invoices and charges, credit notes and
  refunds. Drafts, open, void and deleted documents are nothing. One row per source and customer.
grain: [source, customer_id]
key: [source, customer_id]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system., tests: [not_null] }
  documents: { type: bigint, description: Documents that count., tests: [not_null] }
  paid: { type: 'decimal(18,6)', description: "Invoices and charges that are paid, without tax; NULL where an amount or an exchange rate is missing." }
  given_back: { type: 'decimal(18,6)', description: "Credit notes and refunds, positive; NULL where an amount or an exchange rate is missing." }
  revenue: { type: 'decimal(18,6)', description: "paid less given_back: revenue to date." }
  first_date: { type: date, description: Day of the first of these documents. }
  last_date: { type: date, description: Day of the last. }
*/
with documents as (
  select
    source,
    customer_id,
    document_type in ('credit_note', 'refund') as is_given_back,
    amount_reporting,
    issued_date
  from invoices
  where customer_id is not null
    and not is_deleted
    and (
      (document_type in ('invoice', 'charge') and status in ('paid', 'succeeded'))
      or (document_type in ('credit_note', 'refund') and coalesce(status, 'succeeded') not in ('void', 'failed', 'pending'))
    )
)

select
  source,
  customer_id,
  count(*) as documents,
  case
    when count(*) filter (where amount_reporting is null and not is_given_back) = 0
      then cast(coalesce(sum(amount_reporting) filter (where not is_given_back), 0) as decimal(18,6))
  end as paid,
  case
    when count(*) filter (where amount_reporting is null and is_given_back) = 0
      then cast(-coalesce(sum(amount_reporting) filter (where is_given_back), 0) as decimal(18,6))
  end as given_back,
  case when count(*) = count(amount_reporting) then cast(sum(amount_reporting) as decimal(18,6)) end as revenue,
  min(issued_date) as first_date,
  max(issued_date) as last_date
from documents
group by source, customer_id
