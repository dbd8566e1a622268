/*
description: >-
  What each touchpoint of a path gets under the models that look at nothing but the path, a column each. Each column adds
  up to 1 over a conversion. One row per conversion and touchpoint.
grain: [conversion_id, touchpoint_id]
key: conversion_id
columns:
  conversion_id: { type: text, description: Conversion., tests: [not_null] }
  touchpoint_id: { type: text, description: Touchpoint., tests: [not_null] }
  first_touch: { type: double, description: "1 for the first touchpoint.", tests: [not_null] }
  last_touch: { type: double, description: "1 for the last.", tests: [not_null] }
  last_non_direct: { type: double, description: "1 for the last that is not Direct; for the last where all are.", tests: [not_null] }
  linear: { type: double, description: "The same for each.", tests: [not_null] }
  position_based: { type: double, description: "position_first to the first, position_last to the last, the rest shared by those between; of two, these two shares in proportion.", tests: [not_null] }
  w_shaped: { type: double, description: "w_first to the first, w_lead and w_opportunity to the last at or before these, the rest shared by the others; a role that nobody has is left out and the shares that remain are divided by their sum.", tests: [not_null] }
  time_decay: { type: double, description: "In proportion to 2 to the power of minus age / half_life_days.", tests: [not_null] }
  shapley: { type: double, description: "The same for each channel of the path, shared by its touchpoints: the Shapley value of the game in which a set of channels is worth the conversions whose channels are all in it.", tests: [not_null] }
*/
with touches as (
  select
    conversion_touchpoints.conversion_id,
    conversion_touchpoints.touchpoint_id,
    conversion_touchpoints.position,
    conversion_touchpoints.path_length,
    coalesce(
      max(case when conversion_touchpoints.channel <> 'Direct' then conversion_touchpoints.position end)
        over (partition by conversion_touchpoints.conversion_id),
      conversion_touchpoints.path_length
    ) as last_non_direct,
    max(case when conversion_touchpoints.occurred_at <= conversion_windows.lead_at then conversion_touchpoints.position end)
      over (partition by conversion_touchpoints.conversion_id) as lead_touch,
    max(case when conversion_touchpoints.occurred_at <= conversion_windows.opportunity_at then conversion_touchpoints.position end)
      over (partition by conversion_touchpoints.conversion_id) as opportunity_touch,
    case
      when row_number() over (
        partition by conversion_touchpoints.conversion_id, conversion_touchpoints.channel
        order by conversion_touchpoints.position
      ) = 1 then 1
      else 0
    end as begins_channel,
    count(*) over (partition by conversion_touchpoints.conversion_id, conversion_touchpoints.channel) as touches_of_channel,
    -- Ages count from the path's last touchpoint: a factor that all weights share cancels, and none is too small to tell.
    cast(
      seconds_between(
        conversion_touchpoints.occurred_at,
        max(conversion_touchpoints.occurred_at) over (partition by conversion_touchpoints.conversion_id)
      ) as double precision
    ) / cast(86400 * settings.half_life_days as double precision) as half_lives
  from conversion_touchpoints
  cross join settings
  inner join conversion_windows
    on conversion_windows.conversion_id = conversion_touchpoints.conversion_id
),

with_roles as (
  select
    conversion_id,
    touchpoint_id,
    position,
    path_length,
    last_non_direct,
    lead_touch,
    opportunity_touch,
    touches_of_channel,
    half_lives,
    sum(begins_channel) over (partition by conversion_id) as channels,
    case
      when position = 1 or position = coalesce(lead_touch, 0) or position = coalesce(opportunity_touch, 0) then 0
      else 1
    end as is_without_role
  from touches
),

-- Weights are decimals: their sums do not depend on the order of the rows.
weighted as (
  select
    with_roles.conversion_id,
    with_roles.touchpoint_id,
    with_roles.position,
    with_roles.path_length,
    with_roles.last_non_direct,
    with_roles.touches_of_channel,
    with_roles.channels,
    case when with_roles.position = 1 then settings.position_first else 0 end
      + case when with_roles.position = with_roles.path_length then settings.position_last else 0 end
      + case
        when with_roles.position > 1 and with_roles.position < with_roles.path_length then cast(
          cast(1 - settings.position_first - settings.position_last as double precision)
          / greatest(with_roles.path_length - 2, 1) as decimal(38,18)
        )
        else 0
      end as position_weight,
    case when with_roles.position = 1 then settings.w_first else 0 end
      + case when with_roles.position = coalesce(with_roles.lead_touch, 0) then settings.w_lead else 0 end
      + case when with_roles.position = coalesce(with_roles.opportunity_touch, 0) then settings.w_opportunity else 0 end
      + case
        when with_roles.is_without_role = 1 then cast(
          cast(1 - settings.w_first - settings.w_lead - settings.w_opportunity as double precision)
          / sum(with_roles.is_without_role) over (partition by with_roles.conversion_id) as decimal(38,18)
        )
        else 0
      end as w_weight,
    cast(power(cast(2 as double precision), greatest(-with_roles.half_lives, -1000)) as decimal(38,18)) as decay_weight
  from with_roles
  cross join settings
),

summed as (
  select
    conversion_id,
    touchpoint_id,
    position,
    path_length,
    last_non_direct,
    touches_of_channel,
    channels,
    position_weight,
    w_weight,
    decay_weight,
    sum(position_weight) over (partition by conversion_id) as position_total,
    sum(w_weight) over (partition by conversion_id) as w_total,
    sum(decay_weight) over (partition by conversion_id) as decay_total
  from weighted
)

select
  conversion_id,
  touchpoint_id,
  cast(case when position = 1 then 1 else 0 end as double precision) as first_touch,
  cast(case when position = path_length then 1 else 0 end as double precision) as last_touch,
  cast(case when position = last_non_direct then 1 else 0 end as double precision) as last_non_direct,
  cast(1 as double precision) / path_length as linear,
  case
    when position_total > 0 then cast(position_weight as double precision) / cast(position_total as double precision)
    else cast(1 as double precision) / path_length
  end as position_based,
  case
    when w_total > 0 then cast(w_weight as double precision) / cast(w_total as double precision)
    else cast(1 as double precision) / path_length
  end as w_shaped,
  cast(decay_weight as double precision) / cast(decay_total as double precision) as time_decay,
  cast(1 as double precision) / (channels * touches_of_channel) as shapley
from summed
