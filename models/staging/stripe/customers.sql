/*
description: >-
  Customers of Stripe, deleted ones included; a company may have several. One row per customer.
grain: [customer_id]
source: stripe.customers
reads:
  id: text
  email: text
  name: text
  phone: text
  currency: text
  is_delinquent: boolean
  is_live: boolean
  created_at: timestamptz
  _deleted: boolean
columns:
  customer_id: { type: text, description: Id of the customer., tests: [not_null, unique] }
  email: { type: text, description: E-mail as entered. }
  full_name: { type: text, description: "Name as entered, of a person or a company." }
  phone: { type: text, description: Phone as entered. }
  currency: { type: text, description: "ISO 4217 currency it is billed in, upper case; NULL until it is." }
  is_delinquent: { type: boolean, description: Whether its last payment failed. }
  is_live: { type: boolean, description: False for test data. }
  is_deleted: { type: boolean, description: Whether it was deleted., tests: [not_null] }
  created_at: { type: timestamptz, description: When it was created. }
*/
select
  id as customer_id,
  email,
  name as full_name,
  phone,
  upper(currency) as currency,
  is_delinquent,
  is_live,
  _deleted as is_deleted,
  created_at
from source
