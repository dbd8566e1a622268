/*
description: >-
  What later evidence would have changed in settled credits, which stay as they are: the frozen credit beside the one
  known then, with the cause. The last row of a conversion, touchpoint and model is what is known now. One row per
  conversion, touchpoint, model and build that noticed another difference.
grain: [conversion_id, touchpoint_id, attribution_model, build_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint; (unattributed) where the path was empty.", tests: [not_null] }
  attribution_model: { type: text, description: Model., tests: [not_null] }
  change: { type: text, description: "changed: the credit would be another; added: it would come in; removed: it would not be there; restored: what was noted before no longer holds.", tests: [not_null] }
  changed_columns: { type: text, description: "Of a changed credit: the columns that differ, with commas." }
  cause: { type: text, description: "definition, setting, withdrawn conversion (re-opened, lost or deleted), merged people, late touch, withdrawn touch, moved date, edited amount, changed channel, late data or unknown: the first that applies to the conversion in that build.", tests: [not_null] }
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
with differences as (
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
    bool_and(change = 'removed') over (partition by conversion_id, build_id) as is_all_removed,
    bool_or(change = 'added') over (partition by conversion_id, build_id) as has_added,
    bool_or(change = 'removed') over (partition by conversion_id, build_id) as has_removed,
    bool_or(locked_converted_at <> known_converted_at) over (partition by conversion_id, build_id) as has_moved,
    bool_or(locked_channel <> known_channel) over (partition by conversion_id, build_id) as has_other_channel,
    bool_and(coalesce(changed_columns, '') = 'amount_credit') over (partition by conversion_id, build_id) as is_amount_alone
  from settled_credits_restatements
)

select
  differences.conversion_id,
  differences.touchpoint_id,
  differences.attribution_model,
  differences.change,
  differences.changed_columns,
  case
    when strpos(differences.cause, 'definition') > 0 then 'definition'
    when strpos(differences.cause, 'setting') > 0 then 'setting'
    when differences.is_all_removed then 'withdrawn conversion'
    when (differences.has_added or differences.has_removed) and strpos(differences.cause, 'merge') > 0 then 'merged people'
    when coalesce(differences.has_moved, false) then 'moved date'
    when differences.has_added then 'late touch'
    when differences.has_removed then 'withdrawn touch'
    when coalesce(differences.has_other_channel, false) then 'changed channel'
    when differences.is_amount_alone then 'edited amount'
    else differences.cause
  end as cause,
  differences.because,
  differences.locked_channel,
  differences.known_channel,
  differences.build_id,
  differences.locked_credit,
  differences.known_credit,
  differences.locked_amount_credit,
  differences.known_amount_credit,
  differences.locked_booked_date,
  differences.known_booked_date,
  differences.noted_at
from differences
