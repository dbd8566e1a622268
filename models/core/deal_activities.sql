/*
description: >-
  What sales did on each deal, as the CRM knows it: evidence beside the stages, which people set by hand. No touchpoints.
  Deals without any activity have no row. One row per source and deal.
grain: [source, deal_id]
key: [source, deal_id]
lookups:
  activities_feed: { source: activity_deals_feed.source, activity_id: activity_deals_feed.activity_id }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  activities: { type: bigint, description: All of them., tests: [not_null] }
  calls: { type: bigint, description: "Calls, unanswered ones included.", tests: [not_null] }
  calls_held: { type: bigint, description: Calls that came about., tests: [not_null] }
  emails: { type: bigint, description: E-mails., tests: [not_null] }
  meetings: { type: bigint, description: "Meetings, planned and cancelled ones included.", tests: [not_null] }
  meetings_held: { type: bigint, description: Meetings that took place., tests: [not_null] }
  first_activity_at: { type: timestamptz, description: The first of all; NULL where no time is told. }
  last_activity_at: { type: timestamptz, description: "The last of all, planned ones included." }
  first_meeting_at: { type: timestamptz, description: The first meeting that took place; NULL where there was none. }
tests:
  - unique: [source, deal_id]
*/
select
  activity_deals_feed.source,
  activity_deals_feed.deal_id,
  count(*) as activities,
  count(case when activities_feed.kind = 'call' then 1 end) as calls,
  count(case when activities_feed.kind = 'call' and activities_feed.is_held then 1 end) as calls_held,
  count(case when activities_feed.kind = 'email' then 1 end) as emails,
  count(case when activities_feed.kind = 'meeting' then 1 end) as meetings,
  count(case when activities_feed.kind = 'meeting' and activities_feed.is_held then 1 end) as meetings_held,
  min(activities_feed.occurred_at) as first_activity_at,
  max(activities_feed.occurred_at) as last_activity_at,
  min(
    case when activities_feed.kind = 'meeting' and activities_feed.is_held then activities_feed.occurred_at end
  ) as first_meeting_at
from activity_deals_feed
inner join activities_feed
  on activities_feed.source = activity_deals_feed.source
  and activities_feed.activity_id = activity_deals_feed.activity_id
where not coalesce(activities_feed.is_deleted, false)
group by activity_deals_feed.source, activity_deals_feed.deal_id
