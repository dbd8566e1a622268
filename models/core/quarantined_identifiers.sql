/*
description: >-
  Identifiers that join nobody although they were seen with others: denied by the project, or seen with more than an
  identifier of one person is. One row per identifier.
grain: [identifier]
key: identifier
columns:
  identifier: { type: text, description: The identifier., tests: [not_null] }
  reason: { type: text, description: "denied, too_many_identities or too_many_devices.", tests: [not_null, { accepted_values: [denied, too_many_identities, too_many_devices] }] }
  identities: { type: bigint, description: Contacts and users it was seen with., tests: [not_null] }
  devices: { type: bigint, description: Devices it was seen with., tests: [not_null] }
*/
with denied as (
  select distinct identifier
  from denied_identifiers
  where other_identifier is null
),

seen_with as (
  select
    identifier,
    split_part(identifier, ':', 1) as identifier_type,
    count(*) filter (where split_part(other_identifier, ':', 1) in ('contact', 'user')) as identities,
    count(*) filter (where split_part(other_identifier, ':', 1) = 'device') as devices
  from identifier_links
  group by identifier
),

judged as (
  select
    seen_with.identifier,
    case
      when denied.identifier is not null then 'denied'
      when seen_with.identifier_type in ('email', 'phone', 'mailbox')
        and seen_with.identities > identity_settings.most_identities then 'too_many_identities'
      when seen_with.identifier_type in ('contact', 'user', 'email', 'phone')
        and seen_with.devices > identity_settings.most_devices then 'too_many_devices'
    end as reason,
    seen_with.identities,
    seen_with.devices
  from seen_with
  cross join identity_settings
  left join denied
    on denied.identifier = seen_with.identifier
)

select identifier, reason, identities, devices
from judged
where reason is not null
