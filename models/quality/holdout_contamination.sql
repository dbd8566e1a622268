/*
description: >-
  People in the control group of an experiment whom an ad reached: all of them together, an error above
  `mostContaminated`, and the first twenty by name. Their difference to the treatment group is smaller than what the ads
  bring. One row per experiment, and per person reached.
grain: [subject]
tags: [experimentation]
check:
  remedy: "See the ads: `revops query \"select * from exp_exposures where arm = 'control'\"`; take the control group out of their audiences (`revops activate audience … --exclude-control`), or exclude it on the platform (docs/holdouts.md)."
columns:
  subject: { type: text, description: "Experiment; with the person, of each person.", tests: [not_null, unique] }
  day: { type: date, description: "Day of the first ad, in the project's time zone.", tests: [not_null] }
  severity: { type: text, description: "error or warning.", tests: [not_null] }
  detail: { type: text, description: "How many, and what share of the control group.", tests: [not_null] }
  reached: { type: bigint, description: People of the control group who were reached., tests: [not_null] }
  controls: { type: bigint, description: People of the control group., tests: [not_null] }
  share: { type: double, description: Their share., tests: [not_null, { between: [0, 1] }] }
*/
with controls as (
  select experiment, count(*) as controls
  from exp_units
  where arm = 'control'
  group by experiment
),

reached_people as (
  select
    experiment,
    person_id,
    count(*) as touches,
    min(occurred_at) as first_at,
    row_number() over (partition by experiment order by min(occurred_at), byte_order(person_id)) as place
  from exp_exposures
  where arm = 'control'
  group by experiment, person_id
),

reached as (
  select experiment, count(*) as reached, min(first_at) as first_at
  from reached_people
  group by experiment
),

shares as (
  select
    reached.experiment,
    reached.reached,
    reached.first_at,
    controls.controls,
    cast(reached.reached as double precision) / cast(controls.controls as double precision) as share,
    case
      when reached.reached > controls.controls * check_settings.most_contaminated then 'error'
      else 'warning'
    end as severity,
    cast(reached.reached as text) || ' of ' || cast(controls.controls as text) || ' people in the control group, '
      || cast(cast(reached.reached * 100.0 / cast(controls.controls as decimal(18,6)) as decimal(9,1)) as text) || ' %' as said
  from reached
  inner join controls
    on controls.experiment = reached.experiment
  cross join check_settings
),

listed as (
  select
    experiment as subject,
    first_at,
    severity,
    said || ', were reached by an ad' as detail,
    reached,
    controls,
    share
  from shares

  union all

  select
    shares.experiment || ': ' || reached_people.person_id,
    reached_people.first_at,
    shares.severity,
    'in the control group, and reached by ' || cast(reached_people.touches as text)
      || case when reached_people.touches = 1 then ' ad; ' else ' ads; ' end || shares.said || ', were',
    shares.reached,
    shares.controls,
    shares.share
  from reached_people
  inner join shares
    on shares.experiment = reached_people.experiment
  where reached_people.place <= 20
)

select
  listed.subject,
  local_date(listed.first_at, settings.time_zone) as day,
  listed.severity,
  listed.detail,
  listed.reached,
  listed.controls,
  listed.share
from listed
cross join settings
