/*
description: >-
  Where the events of the last 30 days are not what the tracking plan says: unknown events; properties that are missing, of
  another type, or of a value that is not listed; identifiers that are missing; events captured on the wrong side, or
  without the consent they need; critical events seen on the client's side only; planned events that were not seen, or
  have no purpose. Nothing without a plan. One row per event name, violation and property.
grain: [event_name, violation, property]
columns:
  event_name: { type: text, description: Name of the event., tests: [not_null] }
  violation: { type: text, description: "What is wrong.", tests: [not_null, { accepted_values: [unknown_event, missing_property, mistyped_property, unlisted_value, missing_identifier, wrong_side, without_consent, client_only, not_seen, no_purpose] }] }
  property: { type: text, description: "Property or identifier; an empty text where it is about the event.", tests: [not_null] }
  priority: { type: text, description: "critical or normal, by the plan; normal where it does not know the event.", tests: [not_null] }
  events: { type: bigint, description: Events of this name in the 30 days., tests: [not_null] }
  violations: { type: bigint, description: Those with the violation., tests: [not_null] }
  last_date: { type: date, description: Day of the latest of them; NULL where there is none. }
*/
with recent as (
  select
    events.event_id,
    events.event_name,
    event_sources.side,
    events.user_id,
    events.email,
    events.phone,
    events.anonymous_id,
    events.has_analytics_consent,
    events.has_marketing_consent,
    events.properties,
    local_date(events.occurred_at, settings.time_zone) as day
  from events
  cross join settings
  cross join clock
  left join event_sources
    on event_sources.source = events.source
  where local_date(events.occurred_at, settings.time_zone) > clock.today - 30
    and local_date(events.occurred_at, settings.time_zone) <= clock.today
),

plan_size as (
  select count(*) as planned
  from planned_events
),

unknown_events as (
  select recent.event_name, 'unknown_event' as violation, '' as property, recent.day
  from recent
  cross join plan_size
  left join planned_events
    on planned_events.event_name = recent.event_name
  where planned_events.event_name is null
    and plan_size.planned > 0
),

carried as (
  select
    recent.event_name,
    recent.day,
    planned_properties.property,
    planned_properties.type,
    planned_properties.is_required,
    planned_properties.has_values,
    nullif(json_kind(recent.properties, planned_properties.property), 'null') as kind,
    json_text(recent.properties, planned_properties.property) as value
  from recent
  inner join planned_properties
    on planned_properties.event_name = recent.event_name
),

judged_properties as (
  select
    carried.event_name,
    case
      when carried.kind is null then case when carried.is_required then 'missing_property' end
      when not case carried.type
        when 'timestamp'
          then carried.kind = 'text' and matches_pattern(carried.value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}')
        when 'date' then carried.kind = 'text' and matches_pattern(carried.value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
        else carried.kind = carried.type
      end
        then 'mistyped_property'
      when carried.has_values and planned_values.value is null then 'unlisted_value'
    end as violation,
    carried.property,
    carried.day
  from carried
  left join planned_values
    on planned_values.event_name = carried.event_name
    and planned_values.property = carried.property
    and planned_values.value = carried.value
),

judged_identifiers as (
  select
    recent.event_name,
    'missing_identifier' as violation,
    identifiers.identifier as property,
    recent.day
  from recent
  inner join planned_events
    on planned_events.event_name = recent.event_name
  cross join (values ('user_id'), ('email'), ('phone'), ('anonymous_id')) as identifiers(identifier)
  where case identifiers.identifier
    when 'user_id' then planned_events.needs_user_id and recent.user_id is null
    when 'email' then planned_events.needs_email and recent.email is null
    when 'phone' then planned_events.needs_phone and recent.phone is null
    else planned_events.needs_device and recent.anonymous_id is null
  end
),

judged_events as (
  select
    recent.event_name,
    case
      when planned_events.capture in ('client', 'server') and recent.side <> planned_events.capture then 'wrong_side'
    end as side_violation,
    case
      when planned_events.consent = 'analytics' and not recent.has_analytics_consent then 'without_consent'
      when planned_events.consent = 'marketing' and not recent.has_marketing_consent then 'without_consent'
    end as consent_violation,
    recent.day
  from recent
  inner join planned_events
    on planned_events.event_name = recent.event_name
),

broken as (
  select event_name, violation, property, day from unknown_events
  union all
  select event_name, violation, property, day from judged_properties where violation is not null
  union all
  select event_name, violation, property, day from judged_identifiers
  union all
  select event_name, side_violation, '', day from judged_events where side_violation is not null
  union all
  select event_name, consent_violation, '', day from judged_events where consent_violation is not null
),

seen as (
  select
    event_name,
    count(*) as events,
    count(*) filter (where side = 'client') as client_events,
    max(day) as last_date
  from recent
  group by event_name
),

counted as (
  select event_name, violation, property, count(*) as violations, max(day) as last_date
  from broken
  group by event_name, violation, property

  union all

  select planned_events.event_name, 'not_seen', '', 0, null
  from planned_events
  left join seen
    on seen.event_name = planned_events.event_name
  where seen.event_name is null

  union all

  select planned_events.event_name, 'no_purpose', '', coalesce(seen.events, 0), seen.last_date
  from planned_events
  left join seen
    on seen.event_name = planned_events.event_name
  where planned_events.purpose is null

  union all

  -- Where the plan says server, each of them is on the wrong side already.
  select planned_events.event_name, 'client_only', '', seen.events, seen.last_date
  from planned_events
  inner join seen
    on seen.event_name = planned_events.event_name
  where planned_events.priority = 'critical'
    and planned_events.capture <> 'server'
    and seen.client_events = seen.events
)

select
  counted.event_name,
  counted.violation,
  counted.property,
  coalesce(planned_events.priority, 'normal') as priority,
  coalesce(seen.events, 0) as events,
  counted.violations,
  counted.last_date
from counted
left join planned_events
  on planned_events.event_name = counted.event_name
left join seen
  on seen.event_name = counted.event_name
