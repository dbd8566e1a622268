/*
description: >-
  Credit notes of Stripe, whether they lower what is due, give a credit, or come with a refund. One row per credit note.
grain: [document_id]
source: stripe.credit_notes
reads:
  id: text
  number: text
  status: text
  customer_id: text
  invoice_id: text
  currency: text
  smallest_unit: decimal(38,9)
  total: bigint
  total_excluding_tax: bigint
  effective_at: timestamptz
  voided_at: timestamptz
  created_at: timestamptz
  _deleted: boolean
feeds: invoices
columns:
  source: { type: text, description: "Billing system, as the connector is named.", tests: [not_null] }
  document_type: { type: text, description: "Always credit_note.", tests: [not_null, { accepted_values: [credit_note] }] }
  document_id: { type: text, description: Id of the document., tests: [not_null, unique] }
  parent_id: { type: text, description: "Invoice it lowers." }
  document_number: { type: text, description: Number printed on it. }
  customer_id: { type: text, description: Customer. }
  customer_email: { type: text, description: "Always NULL: credit notes name the customer only." }
  company_name: { type: text, description: "Always NULL." }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  status: { type: text, description: "succeeded, or void.", tests: [not_null, { accepted_values: [draft, open, paid, void, uncollectible, succeeded, pending, failed] }] }
  currency: { type: text, description: "ISO 4217 currency, upper case.", tests: [{ not_null: , where: not is_deleted }] }
  amount: { type: 'decimal(18,6)', description: "Amount without tax, negative, in the currency's main unit." }
  tax_amount: { type: 'decimal(18,6)', description: "Tax on top, same unit and sign." }
  amount_paid: { type: 'decimal(18,6)', description: "Always 0: what is paid back of it is told with refunds." }
  period_start_at: { type: timestamptz, description: Start of the period of service; NULL where none. }
  period_end_at: { type: timestamptz, description: End of the period of service; NULL where none. }
  issued_at: { type: timestamptz, description: "When it took effect." }
  due_at: { type: timestamptz, description: When it is due; NULL where at once. }
  paid_at: { type: timestamptz, description: When it was paid in full; NULL where it is not. }
  voided_at: { type: timestamptz, description: When it was voided or given up; NULL where it was not. }
  created_at: { type: timestamptz, description: When it was created. }
  updated_at: { type: timestamptz, description: "Always NULL: Stripe does not tell." }
  is_deleted: { type: boolean, description: "Always false: credit notes are voided, not deleted.", tests: [not_null] }
*/
select
  'stripe' as source,
  'credit_note' as document_type,
  id as document_id,
  invoice_id as parent_id,
  number as document_number,
  customer_id,
  cast(null as text) as customer_email,
  cast(null as text) as company_name,
  cast(null as text) as subscription_id,
  case when status = 'void' then 'void' else 'succeeded' end as status,
  upper(currency) as currency,
  cast(cast(-coalesce(total_excluding_tax, total) as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount,
  cast(cast(coalesce(total_excluding_tax, total) - total as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as tax_amount,
  cast(0 as decimal(18, 6)) as amount_paid,
  cast(null as timestamptz) as period_start_at,
  cast(null as timestamptz) as period_end_at,
  coalesce(effective_at, created_at) as issued_at,
  cast(null as timestamptz) as due_at,
  cast(null as timestamptz) as paid_at,
  voided_at,
  created_at,
  cast(null as timestamptz) as updated_at,
  _deleted as is_deleted
from source
