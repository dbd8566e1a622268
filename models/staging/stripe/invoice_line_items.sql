/*
description: >-
  Lines of Stripe's invoices: what was sold, for which time. One row per invoice and line.
grain: [invoice_id, line_item_id]
source: stripe.invoice_line_items
reads:
  invoice_id: text
  id: text
  description: text
  subscription_id: text
  price_id: text
  product_id: text
  quantity: bigint
  currency: text
  smallest_unit: decimal(38,9)
  amount: bigint
  discount_amount: bigint
  tax_amount: bigint
  is_proration: boolean
  period_start_at: timestamptz
  period_end_at: timestamptz
columns:
  invoice_id: { type: text, description: Invoice., tests: [not_null] }
  line_item_id: { type: text, description: Id of the line., tests: [not_null] }
  line_description: { type: text, description: What was sold. }
  subscription_id: { type: text, description: Subscription it is for; NULL where none. }
  price_id: { type: text, description: Price. }
  product_id: { type: text, description: Product. }
  currency: { type: text, description: "ISO 4217 currency, upper case." }
  quantity: { type: bigint, description: How many. }
  amount: { type: 'decimal(18,6)', description: "Amount before discounts, in the currency's main unit; with the tax where that is included in prices." }
  discount_amount: { type: 'decimal(18,6)', description: "Discounts on it, same unit." }
  tax_amount: { type: 'decimal(18,6)', description: "Tax of it, same unit." }
  is_proration: { type: boolean, description: Whether it is for a part of a period after a change. }
  period_start_at: { type: timestamptz, description: Start of the period of service. }
  period_end_at: { type: timestamptz, description: End of the period of service. }
tests:
  - unique: [invoice_id, line_item_id]
*/
select
  invoice_id,
  id as line_item_id,
  description as line_description,
  subscription_id,
  price_id,
  product_id,
  upper(currency) as currency,
  quantity,
  cast(cast(amount as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as amount,
  cast(cast(discount_amount as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as discount_amount,
  cast(cast(tax_amount as decimal(15, 0)) * cast(smallest_unit as decimal(4, 3)) as decimal(18, 6)) as tax_amount,
  is_proration,
  period_start_at,
  period_end_at
from source
