/*
description: >-
  Words that mean different things in different pipelines: a conversion type that counts by one stage here and by another,
  or by the creation of the deal, there; a stage name that is won, lost or open depending on the pipeline, or asks for
  different things. Stages are compared by their names. One row per word.
grain: [subject]
tags: [pipeline, definitions]
check:
  remedy: "Agree on one definition, and declare it in the config's `pipeline` with a version and an effectiveFrom; rename stages that mean something else. All of them: `revops query \"select * from stage_definitions\"`, `revops query \"select * from pipeline_stages_feed\"`."
columns:
  subject: { type: text, description: The word., tests: [not_null, unique] }
  day: { type: date, description: About no day. }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: What it means in which pipelines., tests: [not_null] }
  meanings: { type: bigint, description: Different meanings., tests: [not_null] }
*/
with stages as (
  select
    source,
    pipeline_id,
    stage_id,
    source || ' ' || coalesce(pipeline_label, pipeline_id) as pipeline,
    coalesce(fold_case(tidy_text(stage_label)), stage_id) as stage_name,
    case when coalesce(is_won, false) then 'won' when coalesce(is_closed, false) then 'lost' else 'open' end as outcome
  from pipeline_stages_feed
),

declared as (
  select distinct
    'conversion type ' || stage_definitions.conversion_type as word,
    stages.pipeline,
    case stage_definitions.happening
      when 'stage' then 'stage ' || stages.stage_name
      when 'outcome' then 'the stage called ' || stage_definitions.stage_id
      else 'creation'
    end as meaning
  from stage_definitions
  cross join clock
  inner join stages
    on coalesce(stage_definitions.source, stages.source) = stages.source
    and (stage_definitions.pipeline_id is null or stage_definitions.pipeline_id = stages.pipeline_id)
    and (stage_definitions.happening <> 'stage' or stage_definitions.stage_id = stages.stage_id)
  where stage_definitions.record = 'deal'
    and coalesce(stage_definitions.valid_from, clock.today) <= clock.today
    and coalesce(stage_definitions.valid_to, clock.today) >= clock.today
),

required as (
  select distinct stages.pipeline, stages.stage_name, stage_criteria.needs
  from stage_criteria
  cross join clock
  inner join stages
    on stages.stage_id = stage_criteria.stage_id
    and coalesce(stage_criteria.source, stages.source) = stages.source
    and (stage_criteria.pipeline_id is null or stage_criteria.pipeline_id = stages.pipeline_id)
  where coalesce(stage_criteria.valid_from, clock.today) <= clock.today
    and coalesce(stage_criteria.valid_to, clock.today) >= clock.today
),

needs_of_stages as (
  select pipeline, stage_name, string_agg(needs, ', ' order by byte_order(needs)) as needs
  from required
  group by pipeline, stage_name
),

labelled as (
  select distinct
    'stage ' || stages.stage_name as word,
    stages.pipeline,
    stages.outcome || coalesce(', with ' || needs_of_stages.needs, '') as meaning
  from stages
  left join needs_of_stages
    on needs_of_stages.pipeline = stages.pipeline
    and needs_of_stages.stage_name = stages.stage_name
),

-- several alternatives of one pipeline are one meaning
meanings_by_pipeline as (
  select word, pipeline, string_agg(meaning, ' or ' order by byte_order(meaning)) as meaning
  from (
    select word, pipeline, meaning from declared
    union all
    select word, pipeline, meaning from labelled
  ) as words
  group by word, pipeline
),

pipelines_by_meaning as (
  select word, meaning, string_agg(pipeline, ', ' order by byte_order(pipeline)) as pipelines
  from meanings_by_pipeline
  group by word, meaning
)

select
  word as subject,
  cast(null as date) as day,
  'warning' as severity,
  string_agg(meaning || ' in ' || pipelines, '; ' order by byte_order(meaning)) as detail,
  count(*) as meanings
from pipelines_by_meaning
group by word
having count(*) > 1
