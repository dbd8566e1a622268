/*
description: >-
  Which group of an experiment a person was put into, at the first build after it began or after the person was known,
  frozen from then on. A person who takes another name later is drawn again under it; `exp_units` has who is in which group now.
  What another salt or share would say is in exp_assignments_restatements. One row per experiment and person.
grain: [experiment, person_id]
materialized: ledger
key: [experiment, person_id]
wakes_at: exp_candidates.starts_at
ledger: { period: assigned_at, stamps: [effective_at, joined_at, assigned_at] }
columns:
  experiment: { type: text, description: "Experiment, as in `holdouts`.", tests: [not_null] }
  person_id: { type: text, description: "Person, by the name of that time: the oldest identifier.", tests: [not_null] }
  arm: { type: text, description: "control or treatment.", tests: [not_null, { accepted_values: [control, treatment] }] }
  effective_at: { type: timestamptz, description: "From when on it holds: the beginning of the experiment for whom was seen before it, else when it was drawn.", tests: [not_null] }
  joined_at: { type: timestamptz, description: "When another person was last found to be this one, as known then; NULL where that never was." }
  assigned_at: { type: timestamptz, description: When it was drawn., tests: [not_null] }
*/
select
  exp_candidates.experiment,
  exp_candidates.person_id,
  exp_candidates.arm,
  case
    when exp_candidates.first_seen_at < exp_candidates.starts_at then exp_candidates.starts_at
    else clock.now_at
  end as effective_at,
  exp_candidates.joined_at,
  clock.now_at as assigned_at
from exp_candidates
cross join clock
where exp_candidates.starts_at <= clock.now_at
