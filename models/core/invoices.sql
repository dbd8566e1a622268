/*
description: >-
  Documents of billing with their amounts in the project's currency: invoices, charges without one, credit notes and
  refunds (negative). Drafts and deleted ones included. One row per source, kind of document and document.
grain: [source, document_type, document_id]
key: [source, document_type, document_id]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  document_type: { type: text, description: "invoice, charge, credit_note or refund.", tests: [not_null, { accepted_values: [invoice, charge, credit_note, refund], where: not is_deleted }] }
  document_id: { type: text, description: Id of the document., tests: [not_null] }
  parent_id: { type: text, description: What a credit note or refund belongs to; NULL for others. }
  customer_id: { type: text, description: Customer in the billing system. }
  customer_email: { type: text, description: E-mail of the customer as entered. }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  status: { type: text, description: "draft, open, paid, void, uncollectible, succeeded, pending or failed.", tests: [{ accepted_values: [draft, open, paid, void, uncollectible, succeeded, pending, failed], where: not is_deleted }] }
  currency: { type: text, description: "ISO 4217 currency." }
  amount: { type: 'decimal(18,6)', description: "Amount without tax, in the currency's main unit; negative for credit notes and refunds." }
  amount_reporting: { type: 'decimal(18,6)', description: "Amount in the project's currency, at the last rate published by issued_date; NULL where amount or rate is missing.", tests: [{ not_null: , where: amount is not null, severity: warning }] }
  tax_amount: { type: 'decimal(18,6)', description: "Tax on top." }
  is_deleted: { type: boolean, description: Whether the billing system deleted it., tests: [not_null] }
  issued_date: { type: date, description: "Day it was issued, else created, in the project's time zone." }
  issued_at: { type: timestamptz, description: When it became final; NULL where it is not. }
  paid_at: { type: timestamptz, description: When it was paid in full; NULL where it is not. }
  voided_at: { type: timestamptz, description: When it was voided or given up; NULL where it was not. }
  created_at: { type: timestamptz, description: When it was created. }
*/
with dated as (
  select
    invoices_feed.source,
    invoices_feed.document_type,
    invoices_feed.document_id,
    invoices_feed.parent_id,
    invoices_feed.customer_id,
    invoices_feed.customer_email,
    invoices_feed.subscription_id,
    invoices_feed.status,
    invoices_feed.currency,
    settings.reporting_currency,
    invoices_feed.amount,
    invoices_feed.tax_amount,
    coalesce(invoices_feed.is_deleted, false) as is_deleted,
    local_date(coalesce(invoices_feed.issued_at, invoices_feed.created_at), settings.time_zone) as issued_date,
    invoices_feed.issued_at,
    invoices_feed.paid_at,
    invoices_feed.voided_at,
    invoices_feed.created_at
  from invoices_feed
  cross join settings
)

select
  dated.source,
  dated.document_type,
  dated.document_id,
  dated.parent_id,
  dated.customer_id,
  dated.customer_email,
  dated.subscription_id,
  dated.status,
  dated.currency,
  dated.amount,
  cast(
    case
      when dated.amount = 0 then 0
      when dated.currency = dated.reporting_currency then dated.amount
      else dated.amount * daily_rates.rate
    end as decimal(18,6)
  ) as amount_reporting,
  dated.tax_amount,
  dated.is_deleted,
  dated.issued_date,
  dated.issued_at,
  dated.paid_at,
  dated.voided_at,
  dated.created_at
from dated
left join daily_rates
  on daily_rates.rate_date = dated.issued_date
  and daily_rates.currency = dated.currency
