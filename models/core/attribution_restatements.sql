/*
description: >-
  What later evidence would have changed in settled credits, which stay as they are: the frozen credit beside the one
  known then, with the cause. The last row of a conversion, touchpoint and model is what is known now. One row per
  conversion, touchpoint, model and build that noticed another difference.
grain: [conversion_id, touchpoint_id, attribution_model, build_id]
key: conversion_id
lookups:
  identity_merges: { build_id: settled_credits_restatements.build_id }
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path was empty.", tests: [not_null] }
  attribution_model: { type: text, description: Model., tests: [not_null] }
  change: { type: text, description: "changed: the credit would be another; added: it would come in; removed: it would not be there; restored: what was noted before no longer holds.", tests: [not_null] }
  changed_columns: { type: text, description: "Of a changed credit: the columns that differ, with commas." }
  cause: { type: text, description: "definition, setting, withdrawn conversion (re-opened, lost or deleted), merged people, restored conversion, moved date, late touch, withdrawn touch, changed channel, edited amount, late data or unknown: the first that applies to what became of the conversion in that build.", tests: [not_null] }
  because: { type: text, description: "What had changed in that build: which SQL, setting, raw table." }
  locked_channel: { type: text, description: Channel as frozen; NULL of an added credit. }
  known_channel: { type: text, description: Channel as known; NULL of a removed credit. }
  build_id: { type: text, description: The build that noticed it., tests: [not_null] }
  locked_credit: { type: double, description: Credit as frozen; NULL of an added one. }
  known_credit: { type: double, description: Credit as known; NULL of a removed one. }
  locked_amount_credit: { type: 'decimal(18,6)', description: Share of the amount as frozen. }
  known_amount_credit: { type: 'decimal(18,6)', description: Share of the amount as known. }
  locked_booked_date: { type: date, description: Day the credit was booked on. }
  known_booked_date: { type: date, description: Day it would be booked on. }
  noted_at: { type: timestamptz, description: When it was noticed., tests: [not_null] }
*/
with noted as (
  select
    conversion_id,
    touchpoint_id,
    attribution_model,
    change,
    changed_columns,
    cause,
    because,
    locked_channel,
    known_channel,
    build_id,
    locked_credit,
    known_credit,
    locked_amount_credit,
    known_amount_credit,
    locked_booked_date,
    known_booked_date,
    noted_at,
    locked_person_id,
    known_person_id,
    locked_baseline_id,
    known_baseline_id,
    known_converted_at,
    -- What was said before: by the last restatement, else by what was frozen.
    case when lag(build_id) over in_time is null then locked_channel else lag(known_channel) over in_time end as channel_before,
    case when lag(build_id) over in_time is null then locked_credit else lag(known_credit) over in_time end as credit_before,
    case when lag(build_id) over in_time is null then locked_amount_credit else lag(known_amount_credit) over in_time end as amount_before,
    case when lag(build_id) over in_time is null then locked_converted_at else lag(known_converted_at) over in_time end as converted_before
  from settled_credits_restatements
  window in_time as (
    partition by conversion_id, touchpoint_id, attribution_model
    order by cast(substr(build_id, 2) as bigint)
  )
),

conversion_changes as (
  select
    conversion_id,
    build_id,
    -- The settings that decide over credit are locked: under one baseline only other lists and inputs have changed.
    bool_and(locked_baseline_id = known_baseline_id) as has_same_baseline,
    bool_and(credit_before is not null and known_credit is null) as is_all_gone,
    bool_and(change = 'restored' and credit_before is null and known_credit is not null) as is_all_back,
    bool_or(credit_before is null and known_credit is not null) as has_added,
    bool_or(credit_before is not null and known_credit is null) as has_removed,
    bool_or(converted_before <> known_converted_at) as has_moved,
    bool_or(channel_before <> known_channel) as has_other_channel,
    bool_or(credit_before is distinct from known_credit) as has_other_credit,
    bool_or(amount_before is distinct from known_amount_credit) as has_other_amount
  from noted
  group by conversion_id, build_id
),

-- A change of name alone brings no touchpoint.
moved_people as (
  select build_id, component_before as person_id
  from identity_merges
  where change <> 'rename'

  union

  select build_id, component_after
  from identity_merges
  where change <> 'rename'
),

own_people as (
  select conversion_id, build_id, locked_person_id as person_id
  from noted

  union

  select conversion_id, build_id, known_person_id
  from noted
),

of_moved_people as (
  select distinct own_people.conversion_id, own_people.build_id
  from own_people
  inner join moved_people
    on moved_people.build_id = own_people.build_id
    and moved_people.person_id = own_people.person_id
)

select
  noted.conversion_id,
  noted.touchpoint_id,
  noted.attribution_model,
  noted.change,
  noted.changed_columns,
  case
    when strpos(noted.cause, 'definition') > 0 then 'definition'
    when strpos(noted.cause, 'setting') > 0 and not coalesce(changes.has_same_baseline, false) then 'setting'
    when changes.is_all_gone then 'withdrawn conversion'
    when (changes.has_added or changes.has_removed) and of_moved_people.conversion_id is not null then 'merged people'
    when changes.is_all_back then 'restored conversion'
    when coalesce(changes.has_moved, false) then 'moved date'
    when changes.has_added then 'late touch'
    when changes.has_removed then 'withdrawn touch'
    when coalesce(changes.has_other_channel, false) then 'changed channel'
    when changes.has_other_amount and not changes.has_other_credit then 'edited amount'
    when strpos(noted.cause, 'late data') > 0 then 'late data'
    else 'unknown'
  end as cause,
  noted.because,
  noted.locked_channel,
  noted.known_channel,
  noted.build_id,
  noted.locked_credit,
  noted.known_credit,
  noted.locked_amount_credit,
  noted.known_amount_credit,
  noted.locked_booked_date,
  noted.known_booked_date,
  noted.noted_at
from noted
inner join conversion_changes as changes
  on changes.conversion_id = noted.conversion_id
  and changes.build_id = noted.build_id
left join of_moved_people
  on of_moved_people.conversion_id = noted.conversion_id
  and of_moved_people.build_id = noted.build_id
