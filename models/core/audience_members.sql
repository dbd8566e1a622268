/*
description: >-
  Who belongs to which audience that `revops activate audience` can hand to ad platforms: customers, everybody of a win; and
  leads, everybody of a lead, qualified lead or opportunity who is of no win. A project with other audiences replaces this
  model. Who may be handed out is decided there, not here. One row per audience and person.
grain: [audience, person_id]
key: { person_id: { conversions: null } }
lookups:
  conversions: { conversion_id: conversion_people.conversion_id }
columns:
  audience: { type: text, description: Name of the audience., tests: [not_null] }
  person_id: { type: text, description: "Person, as in `people`.", tests: [not_null] }
*/
select
  case when max(case when conversions.conversion_type = 'customer' then 1 else 0 end) = 1 then 'customers' else 'leads' end as audience,
  conversion_people.person_id
from conversion_people
inner join conversions
  on conversions.conversion_id = conversion_people.conversion_id
group by conversion_people.person_id
