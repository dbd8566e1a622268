/*
description: >-
  The removal effects that conversions settling on a day are credited by for ever: those of the first build on or after
  that day. Every new touchpoint of anybody moves the chain a little; without this each of them would restate all of the
  past. One row per conversion type, day and channel.
grain: [conversion_type, settles_on, channel]
materialized: ledger
key: [conversion_type, settles_on, channel]
ledger: { period: settles_on, stamps: [removal_effect, locked_at] }
columns:
  conversion_type: { type: text, description: Type of the conversions., tests: [not_null] }
  channel: { type: text, description: Channel., tests: [not_null] }
  removal_effect: { type: double, description: "As in markov_effects, then.", tests: [not_null] }
  settles_on: { type: date, description: Day on which a conversion of the type settled., tests: [not_null] }
  locked_at: { type: timestamptz, description: When it was frozen., tests: [not_null] }
*/
with days as (
  select distinct conversion_type, settles_on
  from conversion_windows
)

select
  days.conversion_type,
  markov_effects.channel,
  markov_effects.removal_effect,
  days.settles_on,
  clock.now_at as locked_at
from days
inner join markov_effects
  on markov_effects.conversion_type = days.conversion_type
cross join clock
cross join settings
where settings.has_baseline and days.settles_on <= clock.today
