/*
description: >-
  Visits: the events of a device, cut where nothing happened for longer than the session's inactivity, and where an event
  that is not direct comes from elsewhere (another source, medium or campaign, or another click id) than the session.
  What a session is like says its first event. Events without a device are in no session. One row per session.
grain: [session_id]
key: anonymous_id
columns:
  session_id: { type: text, description: "The id of its first event.", tests: [not_null, unique] }
  anonymous_id: { type: text, description: Device., tests: [not_null] }
  source: { type: text, description: "Where it comes from, lower case; NULL where nothing tells." }
  medium: { type: text, description: "How, lower case; NULL where nothing tells." }
  campaign: { type: text, description: "Campaign of the link, in its own case of letters." }
  content: { type: text, description: "utm_content, verbatim." }
  term: { type: text, description: "utm_term, verbatim." }
  click_id_type: { type: text, description: "Which click id the visit came with; NULL where none." }
  click_id: { type: text, description: "The click id, verbatim." }
  referrer_host: { type: text, description: Host of a referrer outside the site. }
  traffic_key: { type: text, description: "Kind of traffic, as in `traffic_channels`.", tests: [not_null] }
  is_direct: { type: boolean, description: Whether nothing tells where it comes from., tests: [not_null] }
  landing_page: { type: text, description: "Its first page, verbatim." }
  referrer: { type: text, description: "Page before the first, verbatim." }
  events: { type: bigint, description: Events in it., tests: [not_null] }
  started_at: { type: timestamptz, description: Time of its first event., tests: [not_null] }
  ended_at: { type: timestamptz, description: Time of its last event., tests: [not_null] }
tests: [holds_all_device_events]
*/
with visited as (
  select
    events.event_id,
    events.anonymous_id,
    events.is_direct,
    events.occurred_at,
    -- lengths keep apart what would read the same when put together
    coalesce(length(events.traffic_source), 0) || ':' || coalesce(events.traffic_source, '')
      || coalesce(length(events.traffic_medium), 0) || ':' || coalesce(events.traffic_medium, '')
      || coalesce(fold_case(events.traffic_campaign), '') as origin,
    events.click_id_type || ':' || events.click_id as click,
    settings.session_splits_on_source,
    60.0 * settings.session_timeout_minutes as longest_pause,
    row_number() over (
      partition by events.anonymous_id order by events.occurred_at, byte_order(events.event_id)
    ) as position
  from events
  cross join settings
  where events.anonymous_id is not null
),

pausing as (
  select
    visited.*,
    case
      when seconds_between(lag(occurred_at) over (partition by anonymous_id order by position), occurred_at) <= longest_pause
        then 0
      else 1
    end as is_after_pause
  from visited
),

paused as (
  select
    pausing.*,
    sum(is_after_pause) over (partition by anonymous_id order by position rows unbounded preceding) as pause_number
  from pausing
),

-- Between two pauses a session's origin is that of the last event before that was not direct.
turning as (
  select
    paused.*,
    case
      when is_after_pause = 1 then 1
      when is_direct or not session_splits_on_source then 0
      when lag(origin) over (partition by anonymous_id, pause_number, is_direct order by position) = origin then 0
      else 1
    end as is_turn
  from paused
),

turned as (
  select
    turning.*,
    sum(is_turn) over (partition by anonymous_id order by position rows unbounded preceding) as turn_number
  from turning
),

-- From one turn to the next only another click id can begin a session.
starting as (
  select
    turned.*,
    case
      when is_turn = 1 then 1
      when click is null or not session_splits_on_source then 0
      when lag(click) over (partition by anonymous_id, turn_number, click is null order by position) = click then 0
      else 1
    end as is_start
  from turned
),

numbered as (
  select
    event_id,
    anonymous_id,
    is_start,
    sum(is_start) over (partition by anonymous_id order by position rows unbounded preceding) as session_number,
    occurred_at
  from starting
),

measured as (
  select
    anonymous_id,
    max(case when is_start = 1 then event_id end) as session_id,
    count(*) as events,
    max(occurred_at) as ended_at
  from numbered
  group by anonymous_id, session_number
)

select
  measured.session_id,
  measured.anonymous_id,
  events.traffic_source as source,
  events.traffic_medium as medium,
  events.traffic_campaign as campaign,
  events.utm_content as content,
  events.utm_term as term,
  events.click_id_type,
  events.click_id,
  events.referrer_host,
  traffic_key(
    events.traffic_source, events.traffic_medium, events.traffic_campaign, events.click_id_type, events.referrer_host
  ) as traffic_key,
  events.is_direct,
  events.url as landing_page,
  events.referrer,
  measured.events,
  events.occurred_at as started_at,
  measured.ended_at
from measured
inner join events
  on events.event_id = measured.session_id
