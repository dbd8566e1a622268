/*
description: >-
  Customers that billing makes, where the declared definition says so (`stage_definitions`): each invoice and charge that is
  paid, or the first of each customer of billing. One row per conversion.
grain: [conversion_id]
key: [source, customer_id]
columns:
  conversion_id: { type: text, description: "customer, source, kind of document and its id: customer:stripe:invoice:in_1.", tests: [not_null, unique] }
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system., tests: [not_null] }
  document_type: { type: text, description: "invoice or charge.", tests: [not_null, { accepted_values: [invoice, charge] }] }
  document_id: { type: text, description: Id of the document., tests: [not_null] }
  identifier: { type: text, description: "The customer's e-mail as an identifier, as in `identifiers`; NULL where there is none." }
  mail_domain: { type: text, description: Domain of that e-mail. }
  definition_version: { type: text, description: "Version of the definition that made it one, as in `stage_definitions`.", tests: [not_null] }
  currency: { type: text, description: ISO 4217 currency of the amount. }
  amount: { type: 'decimal(18,6)', description: "Amount without tax, in its currency." }
  converted_date: { type: date, description: "Day of the payment in the project's time zone.", tests: [not_null] }
  converted_at: { type: timestamptz, description: When it was paid., tests: [not_null] }
  refunded_at: { type: timestamptz, description: "When the last of the document was given back, where nothing remains of it; where the first payment makes the customer, of all that was paid. Else NULL." }
*/
with paid as (
  select
    source,
    customer_id,
    document_type,
    document_id,
    customer_email,
    currency,
    amount,
    coalesce(paid_at, issued_at, created_at) as paid_at
  from invoices
  where customer_id is not null
    and not is_deleted
    and document_type in ('invoice', 'charge')
    and status in ('paid', 'succeeded')
    and coalesce(paid_at, issued_at, created_at) is not null
),

given_back as (
  select
    source,
    customer_id,
    parent_id,
    sum(amount) as amount,
    max(coalesce(paid_at, issued_at, created_at)) as given_back_at
  from invoices
  where customer_id is not null
    and not is_deleted
    and document_type in ('credit_note', 'refund')
    and coalesce(status, 'succeeded') not in ('void', 'failed', 'pending')
  group by source, customer_id, parent_id
),

numbered as (
  select
    paid.*,
    row_number() over (
      partition by source, customer_id
      order by paid_at, byte_order(document_type), byte_order(document_id)
    ) as place
  from paid
),

matches as (
  select
    numbered.source,
    numbered.customer_id,
    numbered.document_type,
    numbered.document_id,
    numbered.customer_email,
    numbered.currency,
    numbered.amount,
    numbered.paid_at,
    local_date(numbered.paid_at, settings.time_zone) as paid_date,
    stage_definitions.happening,
    stage_definitions.definition_version,
    row_number() over (
      partition by numbered.source, numbered.document_type, numbered.document_id
      order by stage_definitions.alternative
    ) as preference
  from numbered
  cross join settings
  inner join stage_definitions
    on stage_definitions.record = 'payment'
    and (stage_definitions.happening = 'each' or (stage_definitions.happening = 'first' and numbered.place = 1))
  where stage_definitions.conversion_type = 'customer'
    and coalesce(stage_definitions.source, numbered.source) = numbered.source
    and local_date(numbered.paid_at, settings.time_zone)
      >= coalesce(stage_definitions.valid_from, local_date(numbered.paid_at, settings.time_zone))
    and local_date(numbered.paid_at, settings.time_zone)
      <= coalesce(stage_definitions.valid_to, local_date(numbered.paid_at, settings.time_zone))
)

select
  'customer:' || matches.source || ':' || matches.document_type || ':' || matches.document_id as conversion_id,
  matches.source,
  matches.customer_id,
  matches.document_type,
  matches.document_id,
  'email:' || identity_key(email_address(matches.customer_email)) as identifier,
  nullif(split_part(email_address(matches.customer_email), '@', 2), '') as mail_domain,
  matches.definition_version,
  matches.currency,
  matches.amount,
  matches.paid_date as converted_date,
  matches.paid_at as converted_at,
  case
    when matches.happening = 'first' then billing_customers.refunded_at
    when matches.amount > 0 and matches.amount + given_back.amount <= 0 then given_back.given_back_at
  end as refunded_at
from matches
left join billing_customers
  on billing_customers.source = matches.source
  and billing_customers.customer_id = matches.customer_id
left join given_back
  on given_back.source = matches.source
  and given_back.customer_id = matches.customer_id
  and given_back.parent_id = matches.document_id
where matches.preference = 1
