/*
description: >-
  What a person last decided for each purpose, by whatever identifier: the last decision counts, and of two at one time the
  refusal. Decisions of identifiers that nobody is known by are absent. A contact's id tells a consent within its own system
  only, and a refusal in all of them. One row per person and purpose.
grain: [person_id, purpose]
key: { person_id: { identity: component } }
columns:
  person_id: { type: text, description: "Person, as in `people`.", tests: [not_null] }
  purpose: { type: text, description: "What for, lower case: advertising, analytics, email, phone, all, or the source's own.", tests: [not_null] }
  is_granted: { type: boolean, description: "True: given; false: withdrawn or refused.", tests: [not_null] }
  legal_basis: { type: text, description: What the decision rests on. }
  source: { type: text, description: System that recorded it., tests: [not_null] }
  consent_id: { type: text, description: Id of the decision in its source., tests: [not_null] }
  decided_at: { type: timestamptz, description: When the person decided; NULL where nobody knows. }
*/
with decisions as (
  select
    consents_feed.source,
    consents_feed.consent_id,
    consents_feed.identifier_type,
    consents_feed.identifier,
    fold_case(tidy_text(consents_feed.purpose)) as purpose,
    consents_feed.is_granted,
    consents_feed.legal_basis,
    consents_feed.decided_at,
    case when consents_feed.identifier_type = 'email' then email_address(consents_feed.identifier) end as address,
    case
      when consents_feed.identifier_type = 'user_id' then 'user:' || consents_feed.identifier
      when consents_feed.identifier_type = 'anonymous_id' then 'device:' || consents_feed.identifier
      when consents_feed.identifier_type = 'email' then 'email:' || identity_key(email_address(consents_feed.identifier))
      when consents_feed.identifier_type = 'phone'
        then 'phone:' || identity_key(
          phone_number(
            consents_feed.identifier,
            calling_codes.calling_code,
            calling_codes.trunk_prefix,
            calling_codes.international_prefix
          )
        )
    end as node
  from consents_feed
  cross join identity_settings
  left join calling_codes
    on calling_codes.country = identity_settings.default_country
  where consents_feed.is_granted is not null
),

-- Also contacts whose address is several people's: what is said of it holds for each.
told as (
  select contacts.person_id, decisions.*
  from contacts
  inner join decisions
    on decisions.identifier_type = 'contact_id'
    and decisions.identifier = contacts.contact_id
  where decisions.source = contacts.source or not decisions.is_granted

  union all

  select contacts.person_id, decisions.*
  from contacts
  inner join decisions
    on decisions.address = email_address(contacts.email)

  union all

  select identity.component, decisions.*
  from identity
  inner join decisions
    on decisions.node = identity.node
),

ranked as (
  select
    told.*,
    row_number() over (
      partition by person_id, purpose
      order by
        decided_at desc nulls last,
        case when is_granted then 1 else 0 end,
        byte_order(source),
        byte_order(consent_id)
    ) as place
  from told
  where purpose is not null
)

select person_id, purpose, is_granted, legal_basis, source, consent_id, decided_at
from ranked
where place = 1
