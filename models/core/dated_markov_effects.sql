/*
description: >-
  The removal effects that conversions settling on a day are credited by: frozen ones where the day has come, else those
  of now. One row per conversion type, day and channel.
grain: [conversion_type, settles_on, channel]
columns:
  conversion_type: { type: text, description: Type of the conversions., tests: [not_null] }
  channel: { type: text, description: Channel., tests: [not_null] }
  removal_effect: { type: double, description: "As in markov_effects.", tests: [not_null] }
  settles_on: { type: date, description: Day on which a conversion of the type settles., tests: [not_null] }
*/
with days as (
  select distinct conversion_type, settles_on
  from conversion_windows
)

select
  days.conversion_type,
  markov_effects.channel,
  coalesce(settled_markov_effects.removal_effect, markov_effects.removal_effect) as removal_effect,
  days.settles_on
from days
inner join markov_effects
  on markov_effects.conversion_type = days.conversion_type
left join settled_markov_effects
  on settled_markov_effects.conversion_type = days.conversion_type
  and settled_markov_effects.settles_on = days.settles_on
  and settled_markov_effects.channel = markov_effects.channel
