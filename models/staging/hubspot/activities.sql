/*
description: >-
  Calls, e-mails, meetings, notes and tasks of HubSpot. Ids are unique within a kind only, so it is part of them. One row
  per activity.
grain: [activity_id]
source: hubspot.activities
reads:
  kind: text
  id: text
  occurred_at: timestamptz
  direction: text
  status: text
  outcome: text
  origin: text
  duration_ms: bigint
  owner_id: text
  created_at: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: activities
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  activity_id: { type: text, description: "Kind and id: meetings:123.", tests: [not_null, unique] }
  kind: { type: text, description: "call, email, meeting, note or task.", tests: [not_null, { accepted_values: [call, email, meeting, note, task] }] }
  direction: { type: text, description: "inbound or outbound; NULL where it has none." }
  is_held: { type: boolean, description: "Whether it took place: false where it was cancelled, missed or is not done; NULL where that is not told, as of a meeting that is planned." }
  origin: { type: text, description: "Where it was entered or booked: MEETINGS_PUBLIC, INTEGRATION_PLATFORM, …" }
  owner_id: { type: text, description: Owner. }
  duration_seconds: { type: double, description: How long a call took. }
  occurred_at: { type: timestamptz, description: "When it was, or is planned." }
  created_at: { type: timestamptz, description: When it was entered., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Archived or deleted.", tests: [not_null] }
*/
select
  'hubspot' as source,
  kind || ':' || id as activity_id,
  case kind
    when 'calls' then 'call'
    when 'emails' then 'email'
    when 'meetings' then 'meeting'
    when 'notes' then 'note'
    when 'tasks' then 'task'
  end as kind,
  case
    when direction in ('INBOUND', 'INCOMING_EMAIL') then 'inbound'
    when direction in ('OUTBOUND', 'EMAIL', 'FORWARDED_EMAIL') then 'outbound'
  end as direction,
  case
    when kind = 'meetings' and outcome <> 'SCHEDULED' then outcome = 'COMPLETED'
    when kind = 'emails' then status = 'SENT'
    when kind in ('calls', 'tasks') then status = 'COMPLETED'
  end as is_held,
  origin,
  owner_id,
  cast(duration_ms as double precision) / cast(1000 as double precision) as duration_seconds,
  occurred_at,
  created_at,
  updated_at,
  _deleted as is_deleted
from source
