/*
description: >-
  Forms filled in where no device is known: by a form tool, a server, a fair's tablet. A form filled in on a device is part
  of its session. One row per event.
grain: [event_id]
key: event_id
columns:
  event_id: { type: text, description: "Event, as in `events`.", tests: [not_null, unique] }
  source: { type: text, description: "Where the person came from, lower case; NULL where nothing tells." }
  medium: { type: text, description: "How, lower case; NULL where nothing tells." }
  campaign: { type: text, description: "Campaign, in its own case of letters." }
  content: { type: text, description: "utm_content, verbatim." }
  term: { type: text, description: "utm_term, verbatim." }
  click_id_type: { type: text, description: "Which click id the form carries; NULL where none." }
  click_id: { type: text, description: "The click id, verbatim." }
  traffic_key: { type: text, description: "Kind of traffic, as in `traffic_channels`.", tests: [not_null] }
  referrer_host: { type: text, description: Host of a referrer outside the site. }
  landing_page: { type: text, description: "Page of the form, verbatim." }
  referrer: { type: text, description: "Page before it, verbatim." }
  occurred_at: { type: timestamptz, description: When it was filled in., tests: [not_null] }
*/
select
  events.event_id,
  events.traffic_source as source,
  events.traffic_medium as medium,
  events.traffic_campaign as campaign,
  events.utm_content as content,
  events.utm_term as term,
  events.click_id_type,
  events.click_id,
  traffic_key(
    events.traffic_source,
    events.traffic_medium,
    events.traffic_campaign,
    events.click_id_type,
    events.referrer_host
  ) as traffic_key,
  events.referrer_host,
  events.url as landing_page,
  events.referrer,
  events.occurred_at
from events
inner join form_events
  on form_events.event_name = fold_case(events.event_name)
where events.anonymous_id is null
