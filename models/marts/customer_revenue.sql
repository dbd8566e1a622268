/*
description: >-
  What each customer is worth to date: deals won by the CRM, and what billing took, less what it gave back. The history
  behind it is in `customer_history` and `invoices`. One row per customer.
grain: [owner_id]
columns:
  owner_id: { type: text, description: "The customer, as in `conversion_owners`: a company, or a person.", tests: [not_null, unique] }
  wins: { type: bigint, description: "Deals won that stand; those that ended are absent, as in `conversions`.", tests: [not_null] }
  won_amount: { type: 'decimal(18,6)', description: "Their amounts in the project's currency; NULL where one or its exchange rate is not known." }
  payers: { type: bigint, description: Customers of billing that belong to it., tests: [not_null] }
  documents: { type: bigint, description: Their documents that count., tests: [not_null] }
  paid: { type: 'decimal(18,6)', description: "Paid invoices and charges in the project's currency, without tax; NULL where a rate is missing, or there are no payers." }
  given_back: { type: 'decimal(18,6)', description: "Credit notes and refunds, positive; NULL as paid." }
  revenue: { type: 'decimal(18,6)', description: "paid less given_back: revenue to date; NULL as paid." }
  first_won_date: { type: date, description: Day of the first win that stands. }
  last_won_date: { type: date, description: Day of the last. }
  last_paid_date: { type: date, description: Day of the last document. }
*/
with won as (
  select
    conversion_owners.owner_id,
    count(*) as wins,
    case when count(*) = count(conversions.amount_reporting) then sum(conversions.amount_reporting) end as won_amount,
    min(conversions.converted_date) as first_won_date,
    max(conversions.converted_date) as last_won_date
  from conversions
  inner join conversion_owners
    on conversion_owners.conversion_id = conversions.conversion_id
  where conversions.conversion_type = 'customer'
  group by conversion_owners.owner_id
),

-- Who got all back is no customer any more, and has a revenue of nothing all the same.
billed as (
  select
    conversion_owners.owner_id,
    count(*) as payers,
    sum(payer_revenue.documents) as documents,
    case when count(*) = count(payer_revenue.paid) then sum(payer_revenue.paid) end as paid,
    case when count(*) = count(payer_revenue.given_back) then sum(payer_revenue.given_back) end as given_back,
    case when count(*) = count(payer_revenue.revenue) then sum(payer_revenue.revenue) end as revenue,
    max(payer_revenue.last_date) as last_paid_date
  from conversion_payers
  inner join conversion_owners
    on conversion_owners.conversion_id = conversion_payers.conversion_id
  left join payer_revenue
    on payer_revenue.source = conversion_payers.source
    and payer_revenue.customer_id = conversion_payers.customer_id
  group by conversion_owners.owner_id
),

owners as (
  select owner_id
  from won

  union

  select owner_id
  from billed
)

select
  owners.owner_id,
  coalesce(won.wins, 0) as wins,
  cast(case when won.owner_id is null then 0 else won.won_amount end as decimal(18,6)) as won_amount,
  coalesce(billed.payers, 0) as payers,
  cast(coalesce(billed.documents, 0) as bigint) as documents,
  cast(billed.paid as decimal(18,6)) as paid,
  cast(billed.given_back as decimal(18,6)) as given_back,
  cast(billed.revenue as decimal(18,6)) as revenue,
  won.first_won_date,
  won.last_won_date,
  billed.last_paid_date
from owners
left join won
  on won.owner_id = owners.owner_id
left join billed
  on billed.owner_id = owners.owner_id
