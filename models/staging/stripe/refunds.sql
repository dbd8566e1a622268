/*
description: >-
  Refunds of Stripe for which no credit note stands: a refund with a credit note would count twice. Their tax is the same
  part of them as of their invoice. One row per refund.
grain: [document_id]
source: stripe.refunds
reads:
  id: text
  status: text
  customer_id: text
  charge_id: text
  invoice_id: text
  credit_note_id: text
  currency: text
  smallest_unit: decimal(38,9)
  amount: bigint
  amount_excluding_tax: bigint
  created_at: timestamptz
  _deleted: boolean
feeds: invoices
columns:
  source: { type: text, description: "Billing system, as the connector is named.", tests: [not_null] }
  document_type: { type: text, description: "Always refund.", tests: [not_null, { accepted_values: [refund] }] }
  document_id: { type: text, description: Id of the document., tests: [not_null, unique] }
  parent_id: { type: text, description: "Invoice whose payment is given back, else the charge." }
  document_number: { type: text, description: Number printed on it. }
  customer_id: { type: text, description: Customer. }
  customer_email: { type: text, description: "Always NULL: refunds name the customer only." }
  company_name: { type: text, description: "Always NULL." }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  status: { type: text, description: "succeeded, pending, failed, or void where it was canceled.", tests: [not_null, { accepted_values: [draft, open, paid, void, uncollectible, succeeded, pending, failed] }] }
  currency: { type: text, description: "ISO 4217 currency, upper case.", tests: [{ not_null: , where: not is_deleted }] }
  amount: { type: 'decimal(18,6)', description: "What is given back without tax, negative, in the currency's main unit." }
  tax_amount: { type: 'decimal(18,6)', description: "Tax on top, same unit and sign." }
  amount_paid: { type: 'decimal(18,6)', description: "What was given back, tax included, negative; 0 until it succeeded." }
  period_start_at: { type: timestamptz, description: Start of the period of service; NULL where none. }
  period_end_at: { type: timestamptz, description: End of the period of service; NULL where none. }
  issued_at: { type: timestamptz, description: "When it was made." }
  due_at: { type: timestamptz, description: When it is due; NULL where at once. }
  paid_at: { type: timestamptz, description: When it was paid in full; NULL where it is not. }
  voided_at: { type: timestamptz, description: When it was voided or given up; NULL where it was not. }
  created_at: { type: timestamptz, description: When it was created. }
  updated_at: { type: timestamptz, description: "Always NULL: Stripe does not tell." }
  is_deleted: { type: boolean, description: "Always false: refunds stay.", tests: [not_null] }
*/
select
  'stripe' as source,
  'refund' as document_type,
  id as document_id,
  coalesce(invoice_id, charge_id) as parent_id,
  cast(null as text) as document_number,
  customer_id,
  cast(null as text) as customer_email,
  cast(null as text) as company_name,
  cast(null as text) as subscription_id,
  case
    when status in ('succeeded', 'failed') then status
    when status = 'canceled' then 'void'
    else 'pending'
  end as status,
  upper(currency) as currency,
  cast(cast(-amount_excluding_tax as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount,
  cast(cast(amount_excluding_tax - amount as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as tax_amount,
  cast(cast(case when status = 'succeeded' then -amount else 0 end as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount_paid,
  cast(null as timestamptz) as period_start_at,
  cast(null as timestamptz) as period_end_at,
  created_at as issued_at,
  cast(null as timestamptz) as due_at,
  case when status = 'succeeded' then created_at end as paid_at,
  cast(null as timestamptz) as voided_at,
  created_at,
  cast(null as timestamptz) as updated_at,
  _deleted as is_deleted
from source
where credit_note_id is null
