/*
description: >-
  Pipelines that are not gone through as they are defined: deals without what their stage asks for (any), and more than the
  allowed share of the deals that moved in the last 90 days, at least ten, skipped stages or went back; or of those of the
  last seven days, where as few as there are prove it (`proven_share`). One row per pipeline and fault.
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
with moves as (
  select
    stage_moves.source,
    stage_moves.pipeline_id,
    stage_moves.deal_id,
    stage_moves.move,
    local_date(stage_moves.entered_at, settings.time_zone) as day
  from stage_moves
  cross join settings
),

moved as (
  select
    moves.source,
    moves.pipeline_id,
    spans.days,
    count(distinct moves.deal_id) as deals,
    count(distinct case when moves.move = 'skipped' then moves.deal_id end) as skipped,
    count(distinct case when moves.move = 'backward' then moves.deal_id end) as backward,
    max(case when moves.move = 'skipped' then moves.day end) as skipped_date,
    max(case when moves.move = 'backward' then moves.day end) as backward_date
  from moves
  cross join clock
  cross join (values (7), (90)) as spans(days)
  where moves.day > clock.today - spans.days
  group by moves.source, moves.pipeline_id, spans.days
),

irregular as (
  select source, pipeline_id, days, deals, 'stages skipped' as fault, skipped as irregular_deals, skipped_date as day
  from moved

  union all

  select source, pipeline_id, days, deals, 'moved back', backward, backward_date
  from moved
),

-- The longest span that shows it.
told as (
  select
    irregular.*,
    row_number() over (
      partition by irregular.source, irregular.pipeline_id, irregular.fault
      order by irregular.days desc nulls last
    ) as place
  from irregular
  cross join check_settings
  where (irregular.days = 90 and irregular.deals >= 10 and irregular.irregular_deals > check_settings.most_irregular * irregular.deals)
    or proven_share(irregular.irregular_deals, irregular.deals) > check_settings.most_irregular
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
  source || ' ' || coalesce(pipeline_id, '(no pipeline)') || ': ' || fault,
  day,
  'warning',
  cast(irregular_deals as text) || ' of ' || cast(deals as text)
    || case fault when 'moved back' then ' deals went back to an earlier stage' else ' deals left stages out' end
    || case when days < 90 then ' in ' || cast(days as text) || ' days' else '' end,
  irregular_deals
from told
where place = 1
