/*
description: >-
  What joins identifiers into people: evidence that is neither quarantined nor shared. A device is linked with a click that
  it carried first. One row per identifier and the one it is joined with, and one by itself.
grain: [identifier, other_identifier]
key: { identifier: { quarantined_identifiers: null, shared_identifiers: null, click_owners: null } }
lookups:
  quarantined_identifiers: [{ identifier: identifier_links.identifier }, { identifier: identifier_links.other_identifier }]
  shared_identifiers: [{ identifier: identifier_links.identifier }, { identifier: identifier_links.other_identifier }]
  click_owners: [{ identifier: identifier_links.identifier }, { identifier: identifier_links.other_identifier }]
materialized: components
components: { nodes: [identifier, other_identifier], at: seen_at, denied: denied_identifiers }
columns:
  identifier: { type: text, description: An identifier., tests: [not_null] }
  other_identifier: { type: text, description: The one it is joined with; NULL for the identifier by itself. }
  evidence: { type: text, description: "What told it first: contact, event or device.", tests: [not_null] }
  evidence_id: { type: text, description: "Which one: source and id of the contact, id of the event.", tests: [not_null] }
  seen_at: { type: timestamptz, description: When that was first told. }
*/
with usable as (
  select
    identifier_links.identifier,
    identifier_links.other_identifier,
    identifier_links.evidence,
    identifier_links.evidence_id,
    identifier_links.first_seen_at
  from identifier_links
  left join quarantined_identifiers
    on quarantined_identifiers.identifier = identifier_links.identifier
  left join shared_identifiers
    on shared_identifiers.identifier = identifier_links.identifier
  where quarantined_identifiers.identifier is null
    and shared_identifiers.identifier is null
),

joining as (
  select
    usable.identifier,
    usable.other_identifier,
    usable.evidence,
    usable.evidence_id,
    usable.first_seen_at
  from usable
  left join quarantined_identifiers
    on quarantined_identifiers.identifier = usable.other_identifier
  left join shared_identifiers
    on shared_identifiers.identifier = usable.other_identifier
  left join click_owners as own_click
    on own_click.identifier = usable.identifier
  left join click_owners as other_click
    on other_click.identifier = usable.other_identifier
  where byte_order(usable.identifier) < byte_order(usable.other_identifier)
    and quarantined_identifiers.identifier is null
    and shared_identifiers.identifier is null
    -- Here, because a condition on one side alone makes an outer join compare every row with every other.
    and (
      own_click.identifier is null
      or own_click.device = usable.other_identifier
      or not starts_with(usable.other_identifier, 'device:')
    )
    and (
      other_click.identifier is null
      or other_click.device = usable.identifier
      or not starts_with(usable.identifier, 'device:')
    )
),

first_records as (
  select
    identifier,
    evidence,
    evidence_id,
    first_seen_at,
    row_number() over (
      partition by identifier
      order by first_seen_at nulls last, byte_order(evidence), byte_order(evidence_id), byte_order(other_identifier) nulls first
    ) as place
  from usable
)

select identifier, other_identifier, evidence, evidence_id, first_seen_at as seen_at
from joining

union all

select identifier, cast(null as text), evidence, evidence_id, first_seen_at
from first_records
where place = 1
