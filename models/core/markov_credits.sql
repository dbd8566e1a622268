/*
description: >-
  What each touchpoint of a path gets under the Markov model: its channel's removal effect over the sum of those of all
  touchpoints of the path; the same for each where none has an effect. One row per conversion and touchpoint.
grain: [conversion_id, touchpoint_id]
key: conversion_id
lookups:
  dated_markov_effects: { conversion_type: conversion_windows.conversion_type, settles_on: conversion_windows.settles_on }
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: Touchpoint., tests: [not_null] }
  markov: { type: double, description: Share of the conversion., tests: [not_null] }
*/
with touches as (
  select
    conversion_touchpoints.conversion_id,
    conversion_touchpoints.touchpoint_id,
    conversion_touchpoints.path_length,
    cast(coalesce(dated_markov_effects.removal_effect, 0) as decimal(38,18)) as effect
  from conversion_touchpoints
  inner join conversion_windows
    on conversion_windows.conversion_id = conversion_touchpoints.conversion_id
  left join dated_markov_effects
    on dated_markov_effects.conversion_type = conversion_windows.conversion_type
    and dated_markov_effects.settles_on = conversion_windows.settles_on
    and dated_markov_effects.channel = conversion_touchpoints.channel
),

summed as (
  select
    conversion_id,
    touchpoint_id,
    path_length,
    effect,
    sum(effect) over (partition by conversion_id) as effects
  from touches
)

select
  conversion_id,
  touchpoint_id,
  case
    when effects > 0 then cast(effect as double precision) / cast(effects as double precision)
    else cast(1 as double precision) / path_length
  end as markov
from summed
