/*
description: >-
  How old the newest thing is that each system tells of, and how old its newest load: a system that answers and has nothing
  new is frozen, whatever its loads say. And until when what it tells is known: by its own streams; of a system that is no
  connector, by those of the same kind that reach to its newest record and so can have brought it, the least of them. One
  row per source, account and kind of record.
grain: [feed, source, account_id]
columns:
  feed: { type: text, description: "Kind of record: ad_spend, contacts, deals, deal_stage_changes, events, invoices.", tests: [not_null] }
  source: { type: text, description: "System, or ad platform.", tests: [not_null] }
  account_id: { type: text, description: "Ad account; an empty text where there are none.", tests: [not_null] }
  newest_at: { type: timestamptz, description: "When the newest of them happened: an event occurred, a record was created or changed, a stage was entered, a document was issued; of spend the end of its last day. Times after the build are left out; NULL where all are." }
  loaded_at: { type: timestamptz, description: "When something of it was loaded last; of a source of files, of any file of this kind." }
  hours_since_newest: { type: double, description: From newest_at to the build. }
  hours_since_load: { type: double, description: From loaded_at to the build. }
  known_until: { type: timestamptz, description: "Up to here all of it is loaded; NULL where no stream says so." }
  is_late: { type: boolean, description: "Whether that is longer before the build than it may be, as in `freshness`; NULL where known_until is." }
*/
with happened as (
  select 'events' as feed, events.source, '' as account_id, events.occurred_at as happened_at
  from events

  union all

  select 'contacts', contacts.source, '', coalesce(contacts.updated_at, contacts.created_at)
  from contacts

  union all

  select 'deals', deals.source, '', coalesce(deals.updated_at, deals.created_at)
  from deals

  union all

  select 'deal_stage_changes', deal_stages.source, '', deal_stages.entered_at
  from deal_stages

  union all

  select 'invoices', invoices.source, '', coalesce(invoices.issued_at, invoices.created_at)
  from invoices
),

newest as (
  select
    happened.feed,
    happened.source,
    happened.account_id,
    max(case when happened.happened_at <= clock.now_at then happened.happened_at end) as newest_at
  from happened
  cross join clock
  group by happened.feed, happened.source, happened.account_id
),

loads as (
  select
    source_coverage.feed,
    replace(source_coverage.connector, '-', '_') as source,
    source_coverage.account_id,
    max(source_coverage.time_zone) as time_zone,
    max(source_coverage.loaded_at) as loaded_at
  from source_coverage
  where source_coverage.feed is not null
  group by source_coverage.feed, replace(source_coverage.connector, '-', '_'), source_coverage.account_id
),

feed_loads as (
  select feed, max(loaded_at) as loaded_at
  from loads
  group by feed
),

spent as (
  select
    'ad_spend' as feed,
    account_days.platform as source,
    account_days.account_id,
    max(next_period_start(account_days.spend_date, account_days.source_grain)) as end_date
  from account_days
  group by account_days.platform, account_days.account_id
),

all_newest as (
  select feed, source, account_id, newest_at from newest

  union all

  select
    spent.feed,
    spent.source,
    spent.account_id,
    least(day_start(spent.end_date, coalesce(loads.time_zone, settings.time_zone)), clock.now_at)
  from spent
  cross join settings
  cross join clock
  left join loads
    on loads.feed = spent.feed
    and loads.source = spent.source
    and loads.account_id = spent.account_id
),

streams as (
  select
    source_coverage.feed,
    replace(source_coverage.connector, '-', '_') as source,
    source_coverage.account_id,
    coalesce(source_coverage.sla_hours, check_settings.freshness_hours) as sla_hours,
    coalesce(source_coverage.covered_until, day_start(source_coverage.covered_to + 1, source_coverage.time_zone)) as reached_at
  from source_coverage
  cross join check_settings
),

-- A stream cannot have brought what is newer than it reaches; where none reaches so far, a clock is wrong: the last one.
reached as (
  select
    all_newest.feed,
    all_newest.source,
    all_newest.account_id,
    streams.reached_at,
    streams.sla_hours,
    row_number() over (
      partition by all_newest.feed, all_newest.source, all_newest.account_id
      order by
        case when streams.source = all_newest.source then 0 when streams.reached_at >= all_newest.newest_at then 1 else 2 end,
        case when streams.source = all_newest.source or streams.reached_at >= all_newest.newest_at then streams.reached_at end nulls last,
        streams.reached_at desc nulls last,
        streams.sla_hours
    ) as place
  from all_newest
  inner join streams
    on streams.feed = all_newest.feed
    and (streams.source <> all_newest.source or streams.account_id in (all_newest.account_id, ''))
  where streams.reached_at is not null
)

select
  all_newest.feed,
  all_newest.source,
  all_newest.account_id,
  all_newest.newest_at,
  coalesce(loads.loaded_at, feed_loads.loaded_at) as loaded_at,
  seconds_between(all_newest.newest_at, clock.now_at) / cast(3600 as double precision) as hours_since_newest,
  seconds_between(coalesce(loads.loaded_at, feed_loads.loaded_at), clock.now_at) / cast(3600 as double precision) as hours_since_load,
  reached.reached_at as known_until,
  seconds_between(reached.reached_at, clock.now_at) > 3600 * reached.sla_hours as is_late
from all_newest
cross join clock
left join reached
  on reached.feed = all_newest.feed
  and reached.source = all_newest.source
  and reached.account_id = all_newest.account_id
  and reached.place = 1
left join loads
  on loads.feed = all_newest.feed
  and loads.source = all_newest.source
  and loads.account_id = all_newest.account_id
left join feed_loads
  on feed_loads.feed = all_newest.feed
