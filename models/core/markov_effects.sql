/*
description: >-
  What each channel is worth in the Markov chain of a conversion type: the share of conversions that would be lost if
  every path ended in (null) where it comes to the channel. Solved exactly by matrix inversion. One row per conversion
  type and channel.
grain: [conversion_type, channel]
columns:
  conversion_type: { type: text, description: Type of the conversions., tests: [not_null] }
  channel: { type: text, description: Channel., tests: [not_null] }
  removal_effect: { type: double, description: "1 less the chance of a conversion without the channel over the chance with it; 0 where no path of the type converts.", tests: [not_null, { between: [0, 1.000000001] }] }
*/
-- With N = (I - Q)^-1, Q the chances of going from channel to channel (Kemeny and Snell, Finite Markov Chains, ch. 3):
-- a path comes to channel c at all with the chance (expected visits to c) / N[c, c], and from there converts with h[c].
-- What is lost without c is the product of both (removal effect: Anderl et al., Mapping the Customer Journey, 2016).
with channels as (
  select
    conversion_type,
    from_channel as channel,
    row_number() over (partition by conversion_type order by byte_order(from_channel)) as number,
    count(*) over (partition by conversion_type) as channels
  from markov_transitions
  where from_channel <> '(start)'
  group by conversion_type, from_channel
),

chances as (
  select
    conversion_type,
    from_channel,
    to_channel,
    cast(transitions as double precision)
      / cast(sum(transitions) over (partition by conversion_type, from_channel) as double precision) as chance
  from markov_transitions
),

inverses as (
  select
    origins.conversion_type,
    matrix_inverse(
      array_agg(
        cast(case when origins.number = targets.number then 1 else 0 end as double precision) - coalesce(chances.chance, 0)
        order by origins.number, targets.number
      ),
      max(origins.channels)
    ) as inverse
  from channels as origins
  inner join channels as targets
    on targets.conversion_type = origins.conversion_type
  left join chances
    on chances.conversion_type = origins.conversion_type
    and chances.from_channel = origins.channel
    and chances.to_channel = targets.channel
  group by origins.conversion_type
),

cells as (
  select
    origins.conversion_type,
    origins.channel as from_channel,
    targets.channel as to_channel,
    inverses.inverse[(origins.number - 1) * origins.channels + targets.number] as visits
  from channels as origins
  inner join channels as targets
    on targets.conversion_type = origins.conversion_type
  inner join inverses
    on inverses.conversion_type = origins.conversion_type
),

-- Sums of decimals do not depend on their order.
visits as (
  select
    cells.conversion_type,
    cells.to_channel as channel,
    sum(cast(chances.chance * cells.visits as decimal(38,18))) as visits
  from cells
  inner join chances
    on chances.conversion_type = cells.conversion_type
    and chances.from_channel = '(start)'
    and chances.to_channel = cells.from_channel
  group by cells.conversion_type, cells.to_channel
),

conversions_from as (
  select
    cells.conversion_type,
    cells.from_channel as channel,
    sum(cast(cells.visits * chances.chance as decimal(38,18))) as chance
  from cells
  inner join chances
    on chances.conversion_type = cells.conversion_type
    and chances.from_channel = cells.to_channel
    and chances.to_channel = '(conversion)'
  group by cells.conversion_type, cells.from_channel
),

conversions_from_start as (
  select
    chances.conversion_type,
    sum(cast(chances.chance * cast(conversions_from.chance as double precision) as decimal(38,18))) as chance
  from chances
  inner join conversions_from
    on conversions_from.conversion_type = chances.conversion_type
    and conversions_from.channel = chances.to_channel
  where chances.from_channel = '(start)'
  group by chances.conversion_type
)

select
  channels.conversion_type,
  channels.channel,
  coalesce(
    cast(visits.visits as double precision) / cells.visits
    * cast(conversions_from.chance as double precision)
    / cast(conversions_from_start.chance as double precision),
    0
  ) as removal_effect
from channels
inner join cells
  on cells.conversion_type = channels.conversion_type
  and cells.from_channel = channels.channel
  and cells.to_channel = channels.channel
left join visits
  on visits.conversion_type = channels.conversion_type
  and visits.channel = channels.channel
left join conversions_from
  on conversions_from.conversion_type = channels.conversion_type
  and conversions_from.channel = channels.channel
left join conversions_from_start
  on conversions_from_start.conversion_type = channels.conversion_type
