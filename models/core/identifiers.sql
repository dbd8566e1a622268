/*
description: >-
  Everything people are known by, and who that is; where it is nobody, the reason. One row per identifier.
grain: [identifier]
key: { identifier: { identity: node } }
columns:
  identifier: { type: text, description: "The identifier, with its type: contact:hubspot:123, email:<key>.", tests: [not_null, unique] }
  identifier_type: { type: text, description: "contact, user, email, phone, click, device or mailbox.", tests: [not_null] }
  person_id: { type: text, description: "Person: called by the oldest identifier; NULL where a reason is given." }
  reason: { type: text, description: "Why it is nobody's: denied, too_many_identities, too_many_devices, shared, role_address or test_domain." }
  first_seen_at: { type: timestamptz, description: When it was first told; NULL where no time is known. }
  last_seen_at: { type: timestamptz, description: When it was told last. }
tests:
  - expression: "(person_id is null) = (reason is not null)"
*/
with seen as (
  select
    identifier,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
  from identifier_links
  group by identifier
),

unusable as (
  select
    identifier,
    min(unusable_because) as reason
  from email_keys
  where identifier is not null
    and unusable_because is not null
  group by identifier
),

listed as (
  select identifier, first_seen_at, last_seen_at, cast(null as text) as reason
  from seen

  union all

  select identifier, cast(null as timestamptz), cast(null as timestamptz), reason
  from unusable
)

select
  listed.identifier,
  split_part(listed.identifier, ':', 1) as identifier_type,
  identity.component as person_id,
  coalesce(listed.reason, quarantined_identifiers.reason, shared_identifiers.reason) as reason,
  listed.first_seen_at,
  listed.last_seen_at
from listed
left join identity
  on identity.node = listed.identifier
left join quarantined_identifiers
  on quarantined_identifiers.identifier = listed.identifier
left join shared_identifiers
  on shared_identifiers.identifier = listed.identifier
