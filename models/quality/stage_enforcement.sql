/*
description: >-
  Pipelines that are not gone through as they are defined: deals without what their stage asks for (any), and more than the
  allowed share of the deals that moved in the last 90 days, at least ten, skipped stages or went back; or of those of the
  last seven days, or of those of them that entered one stage, where as few as there are prove it (`proven_share`). And
  stages and pipelines that the definition in force names and that are not in the CRM's list, where it gives one. One row
  per pipeline, stage and fault.
grain: [subject]
tags: [pipeline, definitions]
check:
  remedy: "See which deals: `revops query \"select * from missing_criteria\"`, `revops query \"select * from stage_moves where move in ('skipped', 'backward')\"`; have the CRM require the fields, or change the stages to what people do. What can be named: `revops query \"select source, pipeline_id, stage_id, stage_label from pipeline_stages_feed\"`."
columns:
  subject: { type: text, description: "CRM, pipeline, stage, and the fault.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest such move; NULL for what is missing. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many deals., tests: [not_null] }
  deals: { type: bigint, description: How many deals; none where no deal can be there., tests: [not_null] }
*/
with moves as (
  select
    stage_moves.source,
    stage_moves.pipeline_id,
    stage_moves.deal_id,
    stage_moves.stage_id,
    stage_moves.move,
    local_date(stage_moves.entered_at, settings.time_zone) as day
  from stage_moves
  cross join settings
),

-- All stages of a pipeline together, and each: what is left out before one stage is few among all.
moves_into as (
  select source, pipeline_id, cast(null as text) as stage_id, deal_id, move, day
  from moves

  union all

  select source, pipeline_id, stage_id, deal_id, move, day
  from moves
  where stage_id is not null
),

moved as (
  select
    moves_into.source,
    moves_into.pipeline_id,
    moves_into.stage_id,
    spans.days,
    count(distinct moves_into.deal_id) as deals,
    count(distinct case when moves_into.move = 'skipped' then moves_into.deal_id end) as skipped,
    count(distinct case when moves_into.move = 'backward' then moves_into.deal_id end) as backward,
    max(case when moves_into.move = 'skipped' then moves_into.day end) as skipped_date,
    max(case when moves_into.move = 'backward' then moves_into.day end) as backward_date
  from moves_into
  cross join clock
  cross join (values (7), (90)) as spans(days)
  where moves_into.day > clock.today - spans.days
    and (spans.days = 7 or moves_into.stage_id is null)
  group by moves_into.source, moves_into.pipeline_id, moves_into.stage_id, spans.days
),

irregular as (
  select source, pipeline_id, stage_id, days, deals, 'stages skipped' as fault, skipped as irregular_deals, skipped_date as day
  from moved

  union all

  select source, pipeline_id, stage_id, days, deals, 'moved back', backward, backward_date
  from moved
),

-- The longest span that shows it, then the stage with most of them.
told as (
  select
    irregular.*,
    row_number() over (
      partition by irregular.source, irregular.pipeline_id, irregular.fault
      order by
        irregular.days desc nulls last,
        irregular.stage_id is not null,
        irregular.irregular_deals desc nulls last,
        byte_order(irregular.stage_id)
    ) as place
  from irregular
  cross join check_settings
  where (irregular.days = 90 and irregular.deals >= 10 and irregular.irregular_deals > check_settings.most_irregular * irregular.deals)
    or proven_share(irregular.irregular_deals, irregular.deals) > check_settings.most_irregular
),

named as (
  select source, pipeline_id, case when happening = 'stage' then stage_id end as stage_id, valid_from, valid_to
  from stage_definitions
  where record = 'deal'

  union all

  select source, pipeline_id, stage_id, valid_from, valid_to
  from stage_criteria
),

crms as (
  select source, max(listed) as listed
  from (
    select source, 1 as listed from pipeline_stages_feed
    union all
    select source, 0 as listed from deals
  ) as sources
  group by source
),

lists as (
  select count(*) as crms, sum(listed) as listed
  from crms
),

-- What names no CRM may mean one that gives no list.
named_and_listed as (
  select
    named.source,
    named.pipeline_id,
    named.stage_id,
    count(distinct pipeline_stages_feed.stage_id) as stages,
    count(distinct case when pipeline_stages_feed.stage_id = named.stage_id then named.stage_id end) as found
  from named
  cross join clock
  cross join lists
  left join crms
    on crms.source = named.source
  left join pipeline_stages_feed
    on pipeline_stages_feed.source = coalesce(named.source, pipeline_stages_feed.source)
    and pipeline_stages_feed.pipeline_id = coalesce(named.pipeline_id, pipeline_stages_feed.pipeline_id)
  where coalesce(named.valid_from, clock.today) <= clock.today
    and coalesce(named.valid_to, clock.today) >= clock.today
    and case when named.source is null then lists.listed = lists.crms else crms.listed = 1 end
  group by named.source, named.pipeline_id, named.stage_id
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
  cast(irregular_deals as text) || ' of ' || cast(deals as text) || ' deals'
    || coalesce(' that entered ' || stage_id, '')
    || case fault when 'moved back' then ' went back to an earlier stage' else ' left stages out' end
    || case when days < 90 then ' in ' || cast(days as text) || ' days' else '' end,
  irregular_deals
from told
where place = 1

union all

select
  coalesce(source, '(any CRM)') || ' ' || coalesce(pipeline_id, '(any pipeline)') || coalesce(', ' || stage_id, '') || ': not listed',
  cast(null as date),
  'warning',
  case when stages = 0 then 'the definition names a pipeline' else 'the definition names a stage' end || ' that is not in the CRM''s list',
  0
from named_and_listed
where stages = 0
  or (stage_id is not null and found = 0)
