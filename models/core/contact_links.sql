/*
description: >-
  Which identifiers a contact of the CRM carries: its e-mail, its phone, the clicks stored on it. Each link both ways round,
  and each contact by itself. One row per contact and pair of identifiers.
grain: [source, contact_id, identifier, other_identifier]
key: [source, contact_id]
lookups:
  email_keys: { email: contacts_feed.email }
  phone_keys: { phone: contacts_feed.phone }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact in the CRM., tests: [not_null] }
  identifier: { type: text, description: "An identifier, with its type: contact:hubspot:123.", tests: [not_null] }
  other_identifier: { type: text, description: The one it is linked with; NULL where the contact stands by itself. }
  seen_at: { type: timestamptz, description: When the contact was created. }
*/
with carried as (
  select
    contacts_feed.source,
    contacts_feed.contact_id,
    'contact:' || contacts_feed.source || ':' || contacts_feed.contact_id as contact,
    case when email_keys.unusable_because is null then email_keys.identifier end as email,
    case when email_keys.unusable_because is null then email_keys.mailbox end as mailbox,
    case when phone_keys.unusable_because is null then phone_keys.identifier end as phone,
    'click:gclid:' || tidy_text(contacts_feed.gclid) as gclid,
    'click:fbclid:' || tidy_text(contacts_feed.fbclid) as fbclid,
    contacts_feed.created_at as seen_at
  from contacts_feed
  left join email_keys
    on email_keys.email = contacts_feed.email
  left join phone_keys
    on phone_keys.phone = contacts_feed.phone
),

links as (
  select source, contact_id, contact, email as other, seen_at from carried
  union all
  select source, contact_id, contact, phone, seen_at from carried
  union all
  select source, contact_id, contact, gclid, seen_at from carried
  union all
  select source, contact_id, contact, fbclid, seen_at from carried
  union all
  select source, contact_id, email, mailbox, seen_at from carried where email is not null
)

select source, contact_id, contact as identifier, cast(null as text) as other_identifier, seen_at
from carried

union all

select source, contact_id, contact, other, seen_at
from links
where other is not null

union all

select source, contact_id, other, contact, seen_at
from links
where other is not null
