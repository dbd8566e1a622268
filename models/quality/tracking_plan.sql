/*
description: >-
  Events that are not what the tracking plan says, by `plan_violations`. A critical event that is not seen, or lacks what
  it has to carry, is an error; all else a warning. One row per event, violation and property.
grain: [subject]
tags: [data]
check:
  gates: coverage
  remedy: "See `revops tracking validate`; correct the tag, or the plan in tracking-plan.yml."
columns:
  subject: { type: text, description: "Event, violation and property.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest violation; NULL where there is none. }
  severity: { type: text, description: "error, or warning.", tests: [not_null] }
  detail: { type: text, description: How many events., tests: [not_null] }
*/
select
  event_name || ': ' || violation || case when property = '' then '' else ' ' || property end as subject,
  last_date as day,
  case
    when priority = 'critical' and violation in ('not_seen', 'missing_property', 'missing_identifier') then 'error'
    else 'warning'
  end as severity,
  case violation
    when 'not_seen' then 'none in 30 days, the plan knows it'
    when 'no_purpose' then 'nobody has said what it is for'
    else cast(violations as text) || ' of ' || cast(events as text) || ' in 30 days'
  end as detail
from plan_violations
