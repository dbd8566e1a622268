/*
description: >-
  How much of a new customer each channel gets, by the credit of the primary attribution model: what CAC counts. The
  channel (all) has the sum of all. One row per conversion, channel and day that the credit is booked on.
grain: [conversion_id, channel, booked_date]
key: conversion_id
columns:
  conversion_id: { type: text, description: The new customer., tests: [not_null] }
  channel: { type: text, description: "Channel; (all): everything together; (unattributed): no touchpoint.", tests: [not_null] }
  share: { type: 'decimal(18,12)', description: "Share of the customer: a decimal, so that sums do not depend on the order of their rows.", tests: [not_null] }
  booked_date: { type: date, description: Day that the credit counts for., tests: [not_null] }
  converted_date: { type: date, description: "Day on which the customer was won, in the project's time zone.", tests: [not_null] }
*/
with shares as (
  select
    attribution_credits.conversion_id,
    attribution_credits.channel,
    sum(cast(attribution_credits.credit as decimal(18,12))) as share,
    attribution_credits.booked_date,
    attribution_credits.converted_date
  from attribution_credits
  cross join settings
  where attribution_credits.is_new_customer
    and attribution_credits.attribution_model = settings.primary_model
  group by
    attribution_credits.conversion_id,
    attribution_credits.channel,
    attribution_credits.booked_date,
    attribution_credits.converted_date
),

shares_with_total as (
  select conversion_id, channel, share, booked_date, converted_date
  from shares

  union all

  select conversion_id, '(all)' as channel, sum(share) as share, booked_date, converted_date
  from shares
  group by conversion_id, booked_date, converted_date
)

select
  conversion_id,
  channel,
  cast(share as decimal(18,12)) as share,
  booked_date,
  converted_date
from shares_with_total
