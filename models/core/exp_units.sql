/*
description: >-
  Who is in which group of an experiment now. Whoever was put into one group stays there, under whatever name; a person in
  whom two of different groups were found to be one is in neither. One row per experiment and person.
grain: [experiment, person_id]
key: { person_id: { identity: component, exp_assignments: null } }
lookups:
  exp_assignments: { person_id: identity.node }
  identity_merges: { component_after: identity.node }
columns:
  experiment: { type: text, description: "Experiment, as in `holdouts`.", tests: [not_null] }
  person_id: { type: text, description: "Person, as in `people`.", tests: [not_null] }
  arm: { type: text, description: "control or treatment; NULL where a reason is given.", tests: [{ accepted_values: [control, treatment] }] }
  excluded_because: { type: text, description: "Why the person is in neither group: both_arms.", tests: [{ accepted_values: [both_arms] }] }
  units: { type: bigint, description: "People, drawn apart, who were found to be this one; 1 where there was never another.", tests: [not_null] }
  effective_at: { type: timestamptz, description: From when on the group holds., tests: [not_null] }
  starts_at: { type: timestamptz, description: When the experiment begins., tests: [not_null] }
  ends_at: { type: timestamptz, description: When it ends; NULL where it does not. }
tests:
  - expression: "(arm is null) = (excluded_because is not null)"
*/
with drawn as (
  select
    identity.component as person_id,
    exp_assignments.experiment,
    exp_assignments.person_id as unit_id,
    exp_assignments.arm,
    exp_assignments.effective_at,
    exp_assignments.joined_at,
    exp_assignments.assigned_at
  from identity
  inner join exp_assignments
    on exp_assignments.person_id = identity.node
),

-- Drawn under a new name when they were in the experiment already: that was no person of their own.
drawn_again as (
  select distinct drawn.experiment, drawn.unit_id
  from drawn
  inner join identity_merges
    on identity_merges.component_after = drawn.unit_id
    and identity_merges.noted_at <= drawn.joined_at
  inner join drawn as earlier
    on earlier.experiment = drawn.experiment
    and earlier.person_id = drawn.person_id
    and earlier.unit_id = identity_merges.component_before
  where earlier.assigned_at < drawn.assigned_at
),

groups as (
  select
    drawn.experiment,
    drawn.person_id,
    count(*) as units,
    count(*) filter (where drawn.arm = 'control') as controls,
    min(drawn.effective_at) as effective_at
  from drawn
  left join drawn_again
    on drawn_again.experiment = drawn.experiment
    and drawn_again.unit_id = drawn.unit_id
  where drawn_again.unit_id is null
  group by drawn.experiment, drawn.person_id
)

select
  groups.experiment,
  groups.person_id,
  case when groups.controls = groups.units then 'control' when groups.controls = 0 then 'treatment' end as arm,
  case when groups.controls not in (0, groups.units) then 'both_arms' end as excluded_because,
  groups.units,
  groups.effective_at,
  day_start(holdouts.from_date, settings.time_zone) as starts_at,
  day_start(holdouts.to_date + 1, settings.time_zone) as ends_at
from groups
inner join holdouts
  on holdouts.experiment = groups.experiment
cross join settings
