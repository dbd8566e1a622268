/*
description: >-
  Audiences at ad platforms with people of the control group of an experiment that has not ended: handed out before it
  began, or before they were known to be one. One row per experiment, platform and audience.
grain: [subject]
tags: [experimentation]
check:
  remedy: "Hand the audience out again with `revops activate audience <name> --to <platform> --exclude-control`, and upload what is to be taken out. Who: `revops query \"select * from exported_members where person_id in (select person_id from exp_units where arm = 'control')\"`."
columns:
  subject: { type: text, description: "Experiment, platform and audience.", tests: [not_null, unique] }
  day: { type: date, description: "Day on which the first of them was handed out, in the project's time zone.", tests: [not_null] }
  severity: { type: text, description: error., tests: [not_null] }
  detail: { type: text, description: How many., tests: [not_null] }
  members: { type: bigint, description: People of the control group in the audience., tests: [not_null] }
*/
with members as (
  select
    exported_members.destination,
    exported_members.audience,
    coalesce(identity.component, exported_members.person_id) as person_id,
    min(exported_members.exported_at) as exported_at
  from exported_members
  left join identity
    on identity.node = exported_members.person_id
  group by
    exported_members.destination,
    exported_members.audience,
    coalesce(identity.component, exported_members.person_id)
)

select
  exp_units.experiment || ': ' || members.destination || ', ' || members.audience as subject,
  min(local_date(members.exported_at, settings.time_zone)) as day,
  'error' as severity,
  cast(count(*) as text) || case when count(*) = 1 then ' person' else ' people' end
    || ' of the control group in the audience' as detail,
  count(*) as members
from members
inner join exp_units
  on exp_units.person_id = members.person_id
cross join settings
cross join clock
where exp_units.arm = 'control'
  and (exp_units.ends_at is null or local_date(exp_units.ends_at, settings.time_zone) > clock.today)
group by exp_units.experiment, members.destination, members.audience
