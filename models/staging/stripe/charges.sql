/*
description: >-
  Charges of Stripe without an invoice, failed ones included; those of invoices are part of these. Stripe does not tell
  their tax. One row per charge.
grain: [document_id]
source: stripe.charges
reads:
  id: text
  status: text
  customer_id: text
  invoice_id: text
  billing_email: text
  billing_name: text
  currency: text
  smallest_unit: decimal(38,9)
  amount: bigint
  amount_captured: bigint
  is_captured: boolean
  created_at: timestamptz
  _deleted: boolean
feeds: invoices
columns:
  source: { type: text, description: "Billing system, as the connector is named.", tests: [not_null] }
  document_type: { type: text, description: "Always charge.", tests: [not_null, { accepted_values: [charge] }] }
  document_id: { type: text, description: Id of the document., tests: [not_null, unique] }
  parent_id: { type: text, description: "Always NULL." }
  document_number: { type: text, description: Number printed on it. }
  customer_id: { type: text, description: Customer. }
  customer_email: { type: text, description: "E-mail given with the payment." }
  company_name: { type: text, description: "Name given with the payment." }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  status: { type: text, description: "succeeded, pending (also while not captured) or failed.", tests: [not_null, { accepted_values: [draft, open, paid, void, uncollectible, succeeded, pending, failed] }] }
  currency: { type: text, description: "ISO 4217 currency, upper case.", tests: [{ not_null: , where: not is_deleted }] }
  amount: { type: 'decimal(18,6)', description: "Amount captured, else asked for, in the currency's main unit; its tax is not told." }
  tax_amount: { type: 'decimal(18,6)', description: "Tax on top, same unit and sign." }
  amount_paid: { type: 'decimal(18,6)', description: "What was captured." }
  period_start_at: { type: timestamptz, description: Start of the period of service; NULL where none. }
  period_end_at: { type: timestamptz, description: End of the period of service; NULL where none. }
  issued_at: { type: timestamptz, description: "When it was made; NULL unless it succeeded." }
  due_at: { type: timestamptz, description: When it is due; NULL where at once. }
  paid_at: { type: timestamptz, description: When it was paid in full; NULL where it is not. }
  voided_at: { type: timestamptz, description: When it was voided or given up; NULL where it was not. }
  created_at: { type: timestamptz, description: When it was created. }
  updated_at: { type: timestamptz, description: "Always NULL: Stripe does not tell." }
  is_deleted: { type: boolean, description: "Always false: charges stay.", tests: [not_null] }
*/
with documents as (
  select
    id,
    case
      when status = 'failed' then 'failed'
      when status = 'succeeded' and is_captured then 'succeeded'
      else 'pending'
    end as status,
    customer_id,
    billing_email,
    billing_name,
    currency,
    smallest_unit,
    case when status = 'succeeded' and is_captured then amount_captured else amount end as amount,
    case when status = 'succeeded' and is_captured then amount_captured else 0 end as amount_paid,
    created_at,
    _deleted
  from source
  where invoice_id is null
)

select
  'stripe' as source,
  'charge' as document_type,
  id as document_id,
  cast(null as text) as parent_id,
  cast(null as text) as document_number,
  customer_id,
  billing_email as customer_email,
  billing_name as company_name,
  cast(null as text) as subscription_id,
  status,
  upper(currency) as currency,
  cast(cast(amount as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount,
  cast(0 as decimal(18, 6)) as tax_amount,
  cast(cast(amount_paid as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount_paid,
  cast(null as timestamptz) as period_start_at,
  cast(null as timestamptz) as period_end_at,
  case when status = 'succeeded' then created_at end as issued_at,
  cast(null as timestamptz) as due_at,
  case when status = 'succeeded' then created_at end as paid_at,
  cast(null as timestamptz) as voided_at,
  created_at,
  cast(null as timestamptz) as updated_at,
  _deleted as is_deleted
from documents
