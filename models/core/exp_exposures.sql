/*
description: >-
  Ad touches of people in an experiment, from when their group holds to its end: touchpoints of a paid channel, or that an
  ad platform led to; of an experiment with channels, those of them. One row per experiment and touchpoint.
grain: [experiment, touchpoint_id]
key: person_id
lookups:
  ad_touches: { touchpoint_id: touchpoints.touchpoint_id }
columns:
  experiment: { type: text, description: "Experiment, as in `holdouts`.", tests: [not_null] }
  touchpoint_id: { type: text, description: "Touchpoint, as in `touchpoints`.", tests: [not_null] }
  person_id: { type: text, description: "Person, as in `exp_units`.", tests: [not_null] }
  arm: { type: text, description: "control or treatment; NULL for people in neither." }
  channel: { type: text, description: Channel of the touchpoint., tests: [not_null] }
  platform: { type: text, description: Ad platform; NULL where only the channel is known. }
  campaign_id: { type: text, description: Campaign; NULL where none is known. }
  occurred_at: { type: timestamptz, description: Time of the touchpoint., tests: [not_null] }
*/
with limited as (
  select distinct experiment
  from holdout_channels
)

select
  exp_units.experiment,
  touchpoints.touchpoint_id,
  exp_units.person_id,
  exp_units.arm,
  touchpoints.channel,
  ad_touches.platform,
  ad_touches.campaign_id,
  touchpoints.occurred_at
from exp_units
inner join touchpoints
  on touchpoints.person_id = exp_units.person_id
left join ad_touches
  on ad_touches.touchpoint_id = touchpoints.touchpoint_id
left join limited
  on limited.experiment = exp_units.experiment
left join holdout_channels
  on holdout_channels.experiment = exp_units.experiment
  and holdout_channels.channel = touchpoints.channel
where touchpoints.occurred_at >= exp_units.effective_at
  and (exp_units.ends_at is null or touchpoints.occurred_at < exp_units.ends_at)
  and (limited.experiment is null or holdout_channels.channel is not null)
  and (
    ad_touches.touchpoint_id is not null
    or strpos(touchpoints.channel, 'Paid') = 1
    or touchpoints.channel in ('Cross-network', 'Display')
  )
