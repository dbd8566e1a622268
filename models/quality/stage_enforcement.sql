/*
description: >-
  Pipelines that are not gone through as they are defined: deals without what their stage asks for (any), and more than the
  allowed share of the deals that moved in the last 90 days skipped stages or went back. One row per pipeline and fault.
grain: [subject]
tags: [pipeline, definitions]
check:
  remedy: "See which deals: `revops query \"select * from missing_criteria\"`, `revops query \"select * from stage_moves where move in ('skipped', 'backward')\"`; have the CRM require the fields, or change the stages to what people do."
columns:
  subject: { type: text, description: "CRM, pipeline, and the fault.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest such move; NULL for what is missing. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many deals., tests: [not_null] }
  deals: { type: bigint, description: How many deals., tests: [not_null] }
*/
with moved as (
  select
    stage_moves.source,
    stage_moves.pipeline_id,
    count(distinct stage_moves.deal_id) as deals,
    count(distinct case when stage_moves.move = 'skipped' then stage_moves.deal_id end) as skipped,
    count(distinct case when stage_moves.move = 'backward' then stage_moves.deal_id end) as backward,
    max(case when stage_moves.move = 'skipped' then local_date(stage_moves.entered_at, settings.time_zone) end) as skipped_date,
    max(case when stage_moves.move = 'backward' then local_date(stage_moves.entered_at, settings.time_zone) end) as backward_date
  from stage_moves
  cross join settings
  cross join clock
  where local_date(stage_moves.entered_at, settings.time_zone) > clock.today - 90
  group by stage_moves.source, stage_moves.pipeline_id
)

select
  source || ' ' || coalesce(pipeline_id, '(no pipeline)') || ', ' || coalesce(stage_label, stage_id) || ': without ' || needs as subject,
  cast(null as date) as day,
  'warning' as severity,
  cast(count(*) as text) || ' deals lack what the stage asks for' as detail,
  count(*) as deals
from missing_criteria
group by source, pipeline_id, coalesce(stage_label, stage_id), needs

union all

select
  moved.source || ' ' || coalesce(moved.pipeline_id, '(no pipeline)') || ': stages skipped',
  moved.skipped_date,
  'warning',
  cast(moved.skipped as text) || ' of ' || cast(moved.deals as text) || ' deals left stages out',
  moved.skipped
from moved
cross join check_settings
where moved.deals >= 10
  and moved.skipped > check_settings.most_irregular * moved.deals

union all

select
  moved.source || ' ' || coalesce(moved.pipeline_id, '(no pipeline)') || ': moved back',
  moved.backward_date,
  'warning',
  cast(moved.backward as text) || ' of ' || cast(moved.deals as text) || ' deals went back to an earlier stage',
  moved.backward
from moved
cross join check_settings
where moved.deals >= 10
  and moved.backward > check_settings.most_irregular * moved.deals
