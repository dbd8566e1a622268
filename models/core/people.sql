/*
description: >-
  People, known or not: everybody who was seen under some identifier that joins. Called by the oldest identifier, so a
  person keeps the name when more is learnt, and the older of two survives when they turn out to be one. One row per person.
grain: [person_id]
key: person_id
lookups:
  contact_companies: { source: contacts.source, contact_id: contacts.contact_id }
columns:
  person_id: { type: text, description: "The person: the oldest of the identifiers.", tests: [not_null, unique] }
  is_known: { type: boolean, description: "Whether a contact, user, e-mail or phone tells who it is.", tests: [not_null] }
  contact_source: { type: text, description: CRM of the main contact; NULL where the person is no contact. }
  contact_id: { type: text, description: "The main contact: not deleted, with a company, then the oldest." }
  company_id: { type: text, description: "Company of the main contact, by link of the CRM or by domain; NULL where none." }
  company_confidence: { type: double, description: "How sure the company is, as in `contact_companies`." }
  original_touchpoint_id: { type: text, description: "The first touchpoint: later ones never change it; NULL where there is none." }
  original_channel: { type: text, description: Its channel. }
  original_source: { type: text, description: Its source. }
  original_medium: { type: text, description: Its medium. }
  original_campaign: { type: text, description: Its campaign. }
  original_at: { type: timestamptz, description: Its time. }
  contacts: { type: bigint, description: Contacts of the CRMs., tests: [not_null] }
  users: { type: bigint, description: Users of the product., tests: [not_null] }
  emails: { type: bigint, description: E-mail addresses., tests: [not_null] }
  phones: { type: bigint, description: Phone numbers., tests: [not_null] }
  devices: { type: bigint, description: Devices., tests: [not_null] }
  clicks: { type: bigint, description: Ad clicks., tests: [not_null] }
  first_seen_at: { type: timestamptz, description: When something of the person was first told. }
  last_seen_at: { type: timestamptz, description: When something was told last. }
*/
with known_by as (
  select
    person_id,
    count(*) filter (where identifier_type = 'contact') as contacts,
    count(*) filter (where identifier_type = 'user') as users,
    count(*) filter (where identifier_type = 'email') as emails,
    count(*) filter (where identifier_type = 'phone') as phones,
    count(*) filter (where identifier_type = 'device') as devices,
    count(*) filter (where identifier_type = 'click') as clicks,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at
  from identifiers
  where person_id is not null
  group by person_id
),

ranked_contacts as (
  select
    contacts.person_id,
    contacts.source,
    contacts.contact_id,
    contact_companies.company_id,
    contact_companies.confidence,
    row_number() over (
      partition by contacts.person_id
      order by
        case when contacts.is_deleted then 1 else 0 end,
        contact_companies.confidence desc nulls last,
        contacts.created_at nulls last,
        byte_order(contacts.source),
        byte_order(contacts.contact_id)
    ) as place
  from contacts
  left join contact_companies
    on contact_companies.source = contacts.source
    and contact_companies.contact_id = contacts.contact_id
),

ranked_touchpoints as (
  select
    person_id,
    touchpoint_id,
    channel,
    source,
    medium,
    campaign,
    occurred_at,
    row_number() over (partition by person_id order by occurred_at, byte_order(touchpoint_id)) as place
  from touchpoints
)

select
  known_by.person_id,
  known_by.contacts + known_by.users + known_by.emails + known_by.phones > 0 as is_known,
  ranked_contacts.source as contact_source,
  ranked_contacts.contact_id,
  ranked_contacts.company_id,
  ranked_contacts.confidence as company_confidence,
  ranked_touchpoints.touchpoint_id as original_touchpoint_id,
  ranked_touchpoints.channel as original_channel,
  ranked_touchpoints.source as original_source,
  ranked_touchpoints.medium as original_medium,
  ranked_touchpoints.campaign as original_campaign,
  ranked_touchpoints.occurred_at as original_at,
  known_by.contacts,
  known_by.users,
  known_by.emails,
  known_by.phones,
  known_by.devices,
  known_by.clicks,
  known_by.first_seen_at,
  known_by.last_seen_at
from known_by
left join ranked_contacts
  on ranked_contacts.person_id = known_by.person_id
  and ranked_contacts.place = 1
left join ranked_touchpoints
  on ranked_touchpoints.person_id = known_by.person_id
  and ranked_touchpoints.place = 1
