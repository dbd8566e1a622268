/*
description: >-
  The conversions of each channel over all of the past, by model, as known now. For markov in the published form: the
  conversions with a path, shared in proportion to the channels' removal effects. One row per conversion type, model and
  channel.
grain: [conversion_type, attribution_model, channel]
columns:
  conversion_type: { type: text, description: Type of the conversions., tests: [not_null] }
  attribution_model: { type: text, description: "Model, as in attribution_models.", tests: [not_null] }
  channel: { type: text, description: "Channel; (unattributed): conversions without a path.", tests: [not_null] }
  conversions: { type: double, description: Conversions credited to the channel., tests: [not_null] }
  share: { type: double, description: "The same as a share of all conversions of the type.", tests: [not_null] }
  removal_effect: { type: double, description: "As in markov_effects; NULL for other models and (unattributed)." }
*/
with credited as (
  select
    conversion_type,
    attribution_model,
    channel,
    sum(cast(credit as decimal(18,12))) as conversions
  from current_credits
  where reversed_at is null
  group by conversion_type, attribution_model, channel
),

attributed as (
  select conversion_type, sum(conversions) as conversions
  from credited
  where attribution_model = 'markov' and channel <> '(unattributed)'
  group by conversion_type
),

effects as (
  select
    conversion_type,
    channel,
    removal_effect,
    sum(cast(removal_effect as decimal(38,18))) over (partition by conversion_type) as effects
  from markov_effects
),

channels as (
  select
    conversion_type,
    attribution_model,
    channel,
    cast(conversions as double precision) as conversions,
    cast(null as double precision) as removal_effect
  from credited
  where attribution_model <> 'markov' or channel = '(unattributed)'

  union all

  select
    effects.conversion_type,
    'markov' as attribution_model,
    effects.channel,
    cast(attributed.conversions as double precision) * effects.removal_effect / cast(effects.effects as double precision),
    effects.removal_effect
  from effects
  inner join attributed
    on attributed.conversion_type = effects.conversion_type
  where effects.effects > 0
)

select
  conversion_type,
  attribution_model,
  channel,
  conversions,
  conversions / cast(
    sum(cast(conversions as decimal(38,12))) over (partition by conversion_type, attribution_model) as double precision
  ) as share,
  removal_effect
from channels
