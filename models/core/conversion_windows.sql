/*
description: >-
  The times that credit for a conversion depends on: since when touchpoints count, when its people became leads and its
  deal an opportunity, and when its credits settle. One row per conversion.
grain: [conversion_id]
key: conversion_id
lookups:
  first_leads: { person_id: conversion_people.person_id }
  first_opportunities: { source: all_conversions.source, deal_id: all_conversions.deal_id }
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  conversion_type: { type: text, description: Type of the conversion., tests: [not_null] }
  settles_on: { type: date, description: "Day of settles_at in the project's time zone.", tests: [not_null] }
  opens_at: { type: timestamptz, description: "Touchpoints count from here: lookback_days of 24 hours before the conversion.", tests: [not_null] }
  lead_at: { type: timestamptz, description: "The earliest lead among its people; NULL where none, or after the conversion." }
  opportunity_at: { type: timestamptz, description: "When its deal became an opportunity; NULL where there is no deal, or after the conversion." }
  converted_at: { type: timestamptz, description: Touchpoints count up to here., tests: [not_null] }
  settles_at: { type: timestamptz, description: "When its credits become final: settle_days of 24 hours after the conversion, at once in a closed period.", tests: [not_null] }
  reversed_at: { type: timestamptz, description: "When the win ended; NULL of what stands." }
*/
with leads as (
  select
    conversion_people.conversion_id,
    min(first_leads.lead_at) as lead_at
  from conversion_people
  inner join first_leads
    on first_leads.person_id = conversion_people.person_id
  group by conversion_people.conversion_id
),

timed as (
  select
    all_conversions.conversion_id,
    all_conversions.conversion_type,
    settings.time_zone,
    all_conversions.converted_at - elapsed_days(settings.lookback_days) as opens_at,
    case when leads.lead_at <= all_conversions.converted_at then leads.lead_at end as lead_at,
    case
      when first_opportunities.opportunity_at <= all_conversions.converted_at then first_opportunities.opportunity_at
    end as opportunity_at,
    all_conversions.converted_at,
    case
      when all_conversions.converted_date <= settings.closed_to then all_conversions.converted_at
      else all_conversions.converted_at + elapsed_days(settings.settle_days)
    end as settles_at,
    all_conversions.reversed_at
  from all_conversions
  cross join settings
  left join leads
    on leads.conversion_id = all_conversions.conversion_id
  left join first_opportunities
    on first_opportunities.source = all_conversions.source
    and first_opportunities.deal_id = all_conversions.deal_id
)

select
  conversion_id,
  conversion_type,
  local_date(settles_at, time_zone) as settles_on,
  opens_at,
  lead_at,
  opportunity_at,
  converted_at,
  settles_at,
  reversed_at
from timed
