/*
description: >-
  Invoices of Stripe, drafts included; in whole units of their currency.
  Voided and uncollectible ones keep their amount: the status says that nothing comes of it. One row per invoice.
grain: [document_id]
source: stripe.invoices
reads:
  id: text
  number: text
  status: text
  customer_id: text
  customer_email: text
  customer_name: text
  subscription_id: text
  currency: text
  smallest_unit: decimal(38,9)
  total: bigint
  total_excluding_tax: bigint
  amount_paid: bigint
  service_start_at: timestamptz
  service_end_at: timestamptz
  due_at: timestamptz
  finalized_at: timestamptz
  paid_at: timestamptz
  voided_at: timestamptz
  marked_uncollectible_at: timestamptz
  created_at: timestamptz
  _deleted: boolean
feeds: invoices
columns:
  source: { type: text, description: "Billing system, as the connector is named.", tests: [not_null] }
  document_type: { type: text, description: "Always invoice.", tests: [not_null, { accepted_values: [invoice] }] }
  document_id: { type: text, description: Id of the document., tests: [not_null, unique] }
  parent_id: { type: text, description: "Always NULL." }
  document_number: { type: text, description: Number printed on it. }
  customer_id: { type: text, description: Customer. }
  customer_email: { type: text, description: "E-mail on the invoice, as it was when it became final." }
  company_name: { type: text, description: "Name on the invoice." }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  status: { type: text, description: "draft, open, paid, void or uncollectible.", tests: [not_null, { accepted_values: [draft, open, paid, void, uncollectible, succeeded, pending, failed] }] }
  currency: { type: text, description: "ISO 4217 currency, upper case.", tests: [{ not_null: , where: not is_deleted }] }
  amount: { type: 'decimal(18,6)', description: "Amount without tax, in the currency's main unit." }
  tax_amount: { type: 'decimal(18,6)', description: "Tax on top, same unit and sign." }
  amount_paid: { type: 'decimal(18,6)', description: "What was paid of it, tax included." }
  period_start_at: { type: timestamptz, description: Start of the period of service; NULL where none. }
  period_end_at: { type: timestamptz, description: End of the period of service; NULL where none. }
  issued_at: { type: timestamptz, description: "When it was finalised; NULL for drafts." }
  due_at: { type: timestamptz, description: When it is due; NULL where at once. }
  paid_at: { type: timestamptz, description: When it was paid in full; NULL where it is not. }
  voided_at: { type: timestamptz, description: When it was voided or given up; NULL where it was not. }
  created_at: { type: timestamptz, description: When it was created. }
  updated_at: { type: timestamptz, description: "Always NULL: Stripe does not tell." }
  is_deleted: { type: boolean, description: "Whether it was deleted: only drafts can be.", tests: [not_null] }
*/
select
  'stripe' as source,
  'invoice' as document_type,
  id as document_id,
  cast(null as text) as parent_id,
  number as document_number,
  customer_id,
  customer_email,
  customer_name as company_name,
  subscription_id,
  coalesce(status, 'draft') as status,
  upper(currency) as currency,
  cast(cast(coalesce(total_excluding_tax, total) as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount,
  cast(cast(total - coalesce(total_excluding_tax, total) as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as tax_amount,
  cast(cast(amount_paid as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount_paid,
  service_start_at as period_start_at,
  service_end_at as period_end_at,
  finalized_at as issued_at,
  due_at,
  paid_at,
  coalesce(voided_at, marked_uncollectible_at) as voided_at,
  created_at,
  cast(null as timestamptz) as updated_at,
  _deleted as is_deleted
from source
