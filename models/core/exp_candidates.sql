/*
description: >-
  Who an experiment draws and which group the hash of salt and person says, whether the experiment has begun or not: known
  people, first seen before its end. One row per experiment and person.
grain: [experiment, person_id]
key: person_id
lookups:
  identity_merges: { component_after: people.person_id }
columns:
  experiment: { type: text, description: "Experiment, as in `holdouts`.", tests: [not_null] }
  person_id: { type: text, description: "Person, as in `people`.", tests: [not_null] }
  arm: { type: text, description: "control or treatment.", tests: [not_null, { accepted_values: [control, treatment] }] }
  starts_at: { type: timestamptz, description: "When the experiment begins.", tests: [not_null] }
  first_seen_at: { type: timestamptz, description: "When something of the person was first told." }
  joined_at: { type: timestamptz, description: "When another person was last found to be this one; NULL where that never was." }
*/
with joined as (
  select component_after as person_id, max(noted_at) as joined_at
  from identity_merges
  group by component_after
)

select
  holdouts.experiment,
  people.person_id,
  case
    when hashed_share(holdouts.salt || ':' || people.person_id) < cast(holdouts.control_share as double precision) then 'control'
    else 'treatment'
  end as arm,
  day_start(holdouts.from_date, settings.time_zone) as starts_at,
  people.first_seen_at,
  joined.joined_at
from people
cross join holdouts
cross join settings
left join joined
  on joined.person_id = people.person_id
where people.is_known
  and (
    holdouts.to_date is null
    or people.first_seen_at is null
    or people.first_seen_at < day_start(holdouts.to_date + 1, settings.time_zone)
  )
