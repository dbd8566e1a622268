/*
description: >-
  Who pays, as billing knows it: since when, and whether all of it was given back. Drafts, void and deleted documents are
  nothing. One row per source and customer.
grain: [source, customer_id]
key: [source, customer_id]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system., tests: [not_null] }
  customer_email: { type: text, description: "E-mail of the first document that has one, as entered." }
  first_document_type: { type: text, description: "Kind of the first paid document: invoice or charge; NULL where none is paid." }
  first_document_id: { type: text, description: Its id. }
  paid_documents: { type: bigint, description: Invoices and charges that are paid., tests: [not_null] }
  paid_amount: { type: 'decimal(18,6)', description: "What of them was not given back, without tax; NULL where it is in several currencies." }
  first_paid_at: { type: timestamptz, description: When the first was paid. }
  refunded_at: { type: timestamptz, description: "When the last of it was given back, where nothing remains; else NULL." }
*/
with documents as (
  select
    source,
    customer_id,
    customer_email,
    document_type,
    document_id,
    currency,
    amount,
    document_type in ('invoice', 'charge') and status in ('paid', 'succeeded') as is_paid,
    document_type in ('credit_note', 'refund') and coalesce(status, 'succeeded') not in ('void', 'failed', 'pending') as is_given_back,
    coalesce(paid_at, issued_at, created_at) as happened_at
  from invoices
  where customer_id is not null and not is_deleted
),

ranked as (
  select
    source,
    customer_id,
    document_type,
    document_id,
    row_number() over (
      partition by source, customer_id
      order by happened_at nulls last, byte_order(document_type), byte_order(document_id)
    ) as place
  from documents
  where is_paid
),

ranked_emails as (
  select
    source,
    customer_id,
    customer_email,
    row_number() over (
      partition by source, customer_id
      order by happened_at nulls last, byte_order(document_type), byte_order(document_id)
    ) as place
  from documents
  where customer_email is not null
),

sums as (
  select
    source,
    customer_id,
    count(*) filter (where is_paid) as paid_documents,
    case
      when count(distinct currency) filter (where is_paid or is_given_back) <= 1
        then cast(coalesce(sum(amount) filter (where is_paid or is_given_back), 0) as decimal(18,6))
    end as paid_amount,
    sum(amount) filter (where is_paid) as gross_amount,
    min(happened_at) filter (where is_paid) as first_paid_at,
    max(happened_at) filter (where is_given_back) as last_given_back_at
  from documents
  group by source, customer_id
)

select
  sums.source,
  sums.customer_id,
  ranked_emails.customer_email,
  ranked.document_type as first_document_type,
  ranked.document_id as first_document_id,
  sums.paid_documents,
  sums.paid_amount,
  sums.first_paid_at,
  case when sums.gross_amount > 0 and sums.paid_amount <= 0 then sums.last_given_back_at end as refunded_at
from sums
left join ranked
  on ranked.source = sums.source
  and ranked.customer_id = sums.customer_id
  and ranked.place = 1
left join ranked_emails
  on ranked_emails.source = sums.source
  and ranked_emails.customer_id = sums.customer_id
  and ranked_emails.place = 1
