-- Sessions whose devices have more or fewer events than the sessions hold.
with held as (
  select anonymous_id, sum(events) as events from model group by anonymous_id
),

happened as (
  select anonymous_id, count(*) as events from events where anonymous_id is not null group by anonymous_id
)

select coalesce(held.anonymous_id, happened.anonymous_id) as anonymous_id, held.events, happened.events as happened
from held
full join happened
  on happened.anonymous_id = held.anonymous_id
where held.events is null or happened.events is null or held.events <> happened.events
