/*
description: >-
  Touchpoints of each channel, and clicks on its ads as the platforms count them, on each of the last ninety days. Days
  without either are absent. One row per channel, system that tells of them, and day.
grain: [channel, feed, source, day]
columns:
  channel: { type: text, description: Channel., tests: [not_null] }
  feed: { type: text, description: "Records that tell of them: events, contacts, or ad_spend of clicks.", tests: [not_null] }
  source: { type: text, description: "System that they are of, or ad platform.", tests: [not_null] }
  touches: { type: bigint, description: Touchpoints., tests: [not_null] }
  clicks: { type: bigint, description: Clicks that platforms report by day., tests: [not_null] }
  day: { type: date, description: "Day of the touchpoint in the project's time zone, of the clicks in the ad account's.", tests: [not_null] }
*/
with clicked_contacts as (
  select gclid, min(source) as source
  from crm_visits
  where gclid is not null
  group by gclid
),

told_touches as (
  select
    touchpoints.channel,
    case when touchpoints.origin in ('web', 'form') then 'events' else 'contacts' end as feed,
    coalesce(
      events.source,
      case
        when touchpoints.origin = 'ad_click' then clicked_contacts.source
        when touchpoints.origin not in ('web', 'form') then split_part(touchpoints.touchpoint_id, ':', 2)
      end,
      ''
    ) as source,
    local_date(touchpoints.occurred_at, settings.time_zone) as day
  from touchpoints
  cross join settings
  cross join clock
  left join events
    on events.event_id = substr(touchpoints.touchpoint_id, length(touchpoints.origin) + 2)
    and touchpoints.origin in ('web', 'form')
  left join clicked_contacts
    on clicked_contacts.gclid = touchpoints.click_id
    and touchpoints.origin = 'ad_click'
  where touchpoints.occurred_at >= day_start(clock.today - 90, settings.time_zone)
    and touchpoints.occurred_at < day_start(clock.today, settings.time_zone)
),

counts as (
  select
    channel,
    feed,
    source,
    count(*) as touches,
    0 as clicks,
    day
  from told_touches
  group by channel, feed, source, day

  union all

  select
    spend_daily.channel,
    'ad_spend',
    spend_daily.platform,
    0,
    sum(spend_daily.clicks),
    spend_daily.spend_date
  from spend_daily
  cross join clock
  where spend_daily.spend_date >= clock.today - 90
    and spend_daily.spend_date < clock.today
    and spend_daily.source_grain = 'day'
  group by spend_daily.channel, spend_daily.platform, spend_daily.spend_date
)

select
  channel,
  feed,
  source,
  cast(touches as bigint) as touches,
  cast(clicks as bigint) as clicks,
  day
from counts
