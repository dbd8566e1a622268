/*
description: >-
  What happened with each person, in order: touchpoints, and conversions of which the person is one of the people. One row
  per person, kind and record.
grain: [person_id, kind, record_id]
key: { person_id: { conversions: null } }
lookups:
  conversions: { conversion_id: conversion_people.conversion_id }
columns:
  person_id: { type: text, description: Person., tests: [not_null] }
  position: { type: bigint, description: "Place in the order of time, from 1; ties by kind and record.", tests: [not_null] }
  kind: { type: text, description: "touchpoint or conversion.", tests: [not_null, { accepted_values: [touchpoint, conversion] }] }
  record_id: { type: text, description: "touchpoint_id or conversion_id.", tests: [not_null] }
  what: { type: text, description: "Origin of the touchpoint (web, form, …), or type of the conversion.", tests: [not_null] }
  channel: { type: text, description: Channel of the touchpoint. }
  detail: { type: text, description: "Campaign, else source of the touchpoint; what the time of the conversion rests on." }
  amount_reporting: { type: 'decimal(18,6)', description: "Amount of the conversion in the project's currency." }
  occurred_at: { type: timestamptz, description: When., tests: [not_null] }
*/
with happenings as (
  select
    person_id,
    'touchpoint' as kind,
    touchpoint_id as record_id,
    origin as what,
    channel,
    coalesce(campaign, source) as detail,
    cast(null as decimal(18,6)) as amount_reporting,
    occurred_at
  from touchpoints

  union all

  select
    conversion_people.person_id,
    'conversion',
    conversions.conversion_id,
    conversions.conversion_type,
    null,
    conversions.evidence,
    conversions.amount_reporting,
    conversions.converted_at
  from conversion_people
  inner join conversions
    on conversions.conversion_id = conversion_people.conversion_id
)

select
  person_id,
  row_number() over (
    partition by person_id
    order by occurred_at, case kind when 'touchpoint' then 0 else 1 end, byte_order(record_id)
  ) as position,
  kind,
  record_id,
  what,
  channel,
  detail,
  amount_reporting,
  occurred_at
from happenings
