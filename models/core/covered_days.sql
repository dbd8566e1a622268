/*
description: >-
  Between which days everything is known that CAC is made of: no period that reaches beyond them is complete. One row.
grain: [last_day]
columns:
  first_day: { type: date, description: "The first day of the project, or the first that all streams of spend cover, whichever is later; NULL where neither is known: from the beginning." }
  last_day: { type: date, description: "The last day that is over in the project's time zone and that all streams of spend and deals cover; NULL where one was never loaded: none." }
*/
with last_days as (
  select today - 1 as last_day
  from clock

  union all

  select covered_to
  from source_coverage
  where feed = 'ad_spend'

  union all

  select local_date(source_coverage.covered_until, settings.time_zone) - 1
  from source_coverage
  cross join settings
  where source_coverage.feed in ('deals', 'deal_stage_changes')
),

first_days as (
  select max(covered_from) as first_day
  from source_coverage
  where feed = 'ad_spend'

  union all

  select first_date
  from settings
)

select
  (select max(first_day) from first_days) as first_day,
  case when count(*) = count(last_day) then min(last_day) end as last_day
from last_days
