/*
description: >-
  Decisions that events of a device carry: the first time it says yes or no, and every time it says something else than
  before. One row per sender, event and purpose.
grain: [source, consent_id]
source: collector.events
reads:
  source: text
  event_id: text
  anonymous_id: text
  has_analytics_consent: boolean
  has_marketing_consent: boolean
  occurred_at: timestamptz
  received_at: timestamptz
  _deleted: boolean
feeds: consents
columns:
  source: { type: text, description: "Sender, by its write key.", tests: [not_null] }
  consent_id: { type: text, description: Id of the event and the purpose., tests: [not_null] }
  identifier_type: { type: text, description: Always anonymous_id. }
  identifier: { type: text, description: The device., tests: [not_null] }
  purpose: { type: text, description: analytics or advertising., tests: [not_null] }
  is_granted: { type: boolean, description: "True: given; false: withdrawn or refused.", tests: [not_null] }
  legal_basis: { type: text, description: Always consent. }
  decided_at: { type: timestamptz, description: When the event happened., tests: [not_null] }
  recorded_at: { type: timestamptz, description: When the event was received. }
  evidence: { type: text, description: Always event. }
*/
with flags as (
  select source, event_id, anonymous_id, occurred_at, received_at, 'analytics' as purpose, has_analytics_consent as is_granted
  from source
  where not _deleted

  union all

  select source, event_id, anonymous_id, occurred_at, received_at, 'advertising' as purpose, has_marketing_consent as is_granted
  from source
  where not _deleted
),

ordered as (
  select
    flags.*,
    lag(is_granted) over (
      partition by source, anonymous_id, purpose order by occurred_at, byte_order(event_id)
    ) as was_granted
  from flags
  where anonymous_id is not null
    and is_granted is not null
)

select
  source,
  event_id || ':' || purpose as consent_id,
  'anonymous_id' as identifier_type,
  anonymous_id as identifier,
  purpose,
  is_granted,
  'consent' as legal_basis,
  occurred_at as decided_at,
  received_at as recorded_at,
  'event' as evidence
from ordered
where was_granted is null
  or was_granted <> is_granted
