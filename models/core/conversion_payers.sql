/*
description: >-
  Which win a customer of billing belongs to: one of a person with that address, else of the company with that domain; of
  several the one nearest to the first payment. Duplicates are none. Who never paid, and who belongs to no win, is absent.
  One row per billing system and customer.
grain: [source, customer_id]
columns:
  source: { type: text, description: Billing system., tests: [not_null] }
  customer_id: { type: text, description: Customer in the billing system., tests: [not_null] }
  conversion_id: { type: text, description: "The win, as in `conversion_owners`.", tests: [not_null] }
  matched_by: { type: text, description: "payment (it is the conversion), email or company_domain.", tests: [not_null, { accepted_values: [payment, email, company_domain] }] }
  first_paid_at: { type: timestamptz, description: When the customer first paid. }
  refunded_at: { type: timestamptz, description: "When all of it had been given back; NULL where it was not." }
*/
with payers as (
  select
    source,
    customer_id,
    'email:' || identity_key(email_address(customer_email)) as identifier,
    split_part(email_address(customer_email), '@', 2) as mail_domain,
    first_paid_at,
    refunded_at
  from billing_customers
  where paid_documents > 0
),

candidates as (
  select source, customer_id, conversion_id, 0 as preference
  from payment_conversions

  union all

  select payers.source, payers.customer_id, conversion_people.conversion_id, 1 as preference
  from payers
  inner join identity
    on identity.node = payers.identifier
  inner join conversion_people
    on conversion_people.person_id = identity.component

  union all

  select payers.source, payers.customer_id, conversion_owners.conversion_id, 2 as preference
  from payers
  inner join company_owners
    on company_owners.mail_domain = payers.mail_domain
  inner join conversion_owners
    on conversion_owners.owner_id = company_owners.owner_id
),

ranked as (
  select
    payers.source,
    payers.customer_id,
    conversion_owners.conversion_id,
    candidates.preference,
    payers.first_paid_at,
    payers.refunded_at,
    row_number() over (
      partition by payers.source, payers.customer_id
      order by
        candidates.preference,
        abs(seconds_between(payers.first_paid_at, conversion_owners.converted_at)) nulls last,
        byte_order(conversion_owners.conversion_id)
    ) as place
  from candidates
  inner join payers
    on payers.source = candidates.source
    and payers.customer_id = candidates.customer_id
  inner join conversion_owners
    on conversion_owners.conversion_id = candidates.conversion_id
  left join duplicate_conversions
    on duplicate_conversions.conversion_id = candidates.conversion_id
  where conversion_owners.conversion_type = 'customer'
    and conversion_owners.reversed_at is null
    and duplicate_conversions.conversion_id is null
)

select
  source,
  customer_id,
  conversion_id,
  case preference when 0 then 'payment' when 1 then 'email' else 'company_domain' end as matched_by,
  first_paid_at,
  refunded_at
from ranked
where place = 1
