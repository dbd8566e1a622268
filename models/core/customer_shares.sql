/*
description: >-
  How much of a new customer each channel gets, by the credit of the primary attribution model: what CAC counts. A customer
  who was lost after being reported is given back on the day of the loss (`reversed_credits`), by a share below nothing. The
  channel (all) has the sum of all. One row per conversion, channel, day that the credit is booked on, and whether it is
  given back.
grain: [conversion_id, channel, booked_date, is_given_back]
key: conversion_id
columns:
  conversion_id: { type: text, description: The new customer., tests: [not_null] }
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): no touchpoint.", tests: [not_null] }
  share: { type: 'decimal(18,12)', description: "Share of the customer: a decimal, so that sums do not depend on the order of their rows.", tests: [not_null] }
  is_given_back: { type: boolean, description: "Whether the customer was lost on that day, and not won.", tests: [not_null] }
  booked_date: { type: date, description: Day that the credit counts for., tests: [not_null] }
  converted_date: { type: date, description: "Day on which the customer was won, in the project's time zone.", tests: [not_null] }
tests:
  - sum: { column: share, equals: { relation: attribution_credits, column: credit, where: "is_new_customer and attribution_model = (select primary_model from settings)" }, tolerance: 0.000001 }
    where: "channel <> '(all)' and not is_given_back"
  - sum: { column: share, equals: { relation: reversed_credits, column: credit, where: "is_new_customer and attribution_model = (select primary_model from settings)" }, tolerance: 0.000001 }
    where: "channel <> '(all)' and is_given_back"
*/
with credits as (
  select conversion_id, channel, attribution_model, credit, is_new_customer, false as is_given_back, booked_date, converted_date
  from attribution_credits

  union all

  select conversion_id, channel, attribution_model, credit, is_new_customer, true as is_given_back, booked_date, converted_date
  from reversed_credits
),

shares as (
  select
    credits.conversion_id,
    credits.channel,
    sum(cast(credits.credit as decimal(18,12))) as share,
    credits.is_given_back,
    credits.booked_date,
    credits.converted_date
  from credits
  cross join settings
  where credits.is_new_customer
    and credits.attribution_model = settings.primary_model
  group by
    credits.conversion_id,
    credits.channel,
    credits.is_given_back,
    credits.booked_date,
    credits.converted_date
),

shares_with_total as (
  select conversion_id, channel, share, is_given_back, booked_date, converted_date
  from shares

  union all

  select conversion_id, '(all)' as channel, sum(share) as share, is_given_back, booked_date, converted_date
  from shares
  group by conversion_id, is_given_back, booked_date, converted_date
)

select
  conversion_id,
  channel,
  cast(share as decimal(18,12)) as share,
  is_given_back,
  booked_date,
  converted_date
from shares_with_total
