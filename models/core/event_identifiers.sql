/*
description: >-
  The identifiers of events that tell more than a device: the device, the user, e-mail and phone that join people, clicks.
  One row per event and identifier.
grain: [event_id, identifier]
key: event_id
lookups:
  email_keys: { email: events.email }
  phone_keys: { phone: events.phone }
columns:
  event_id: { type: text, description: "Event, as in `events`.", tests: [not_null] }
  identifier: { type: text, description: "The identifier, with its type: user:42.", tests: [not_null] }
  identifier_type: { type: text, description: "user, email, phone, click, device or mailbox.", tests: [not_null] }
  strength: { type: integer, description: "1 for the strongest type.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: When the event happened., tests: [not_null] }
*/
with told as (
  select
    events.event_id,
    events.occurred_at,
    case when devices_unlike.value is null then 'device:' || events.anonymous_id end as device,
    case when users_unlike.value is null then 'user:' || events.user_id end as user_identifier,
    case when email_keys.unusable_because is null then email_keys.identifier end as email,
    case when email_keys.unusable_because is null then email_keys.mailbox end as mailbox,
    case when phone_keys.unusable_because is null then phone_keys.identifier end as phone,
    events.gclid,
    events.gbraid,
    events.wbraid,
    events.dclid,
    -- the cookie _fbc is fb.<n>.<time>.<fbclid>
    coalesce(events.fbclid, nullif(split_part(events.fbc, '.', 4), '')) as fbclid,
    events.msclkid,
    events.li_fat_id,
    events.ttclid,
    events.twclid,
    events.rdt_cid,
    events.sccid,
    events.epik,
    events.irclickid
  from events
  left join email_keys
    on email_keys.email = events.email
  left join phone_keys
    on phone_keys.phone = events.phone
  left join null_like_values as devices_unlike
    on devices_unlike.value = lower(events.anonymous_id)
  left join null_like_values as users_unlike
    on users_unlike.value = lower(events.user_id)
),

listed as (
  select event_id, occurred_at, 'user' as identifier_type, 2 as strength, user_identifier as identifier from told
  union all
  select event_id, occurred_at, 'email', 3, email from told
  union all
  select event_id, occurred_at, 'phone', 4, phone from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:gclid:' || gclid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:gbraid:' || gbraid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:wbraid:' || wbraid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:dclid:' || dclid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:fbclid:' || fbclid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:msclkid:' || msclkid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:li_fat_id:' || li_fat_id from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:ttclid:' || ttclid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:twclid:' || twclid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:rdt_cid:' || rdt_cid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:sccid:' || sccid from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:epik:' || epik from told
  union all
  select event_id, occurred_at, 'click', 5, 'click:irclickid:' || irclickid from told
  union all
  select event_id, occurred_at, 'mailbox', 7, mailbox from told
),

telling as (
  select distinct event_id
  from listed
  where identifier is not null
)

select event_id, identifier, identifier_type, strength, occurred_at
from listed
where identifier is not null

union all

select told.event_id, told.device, 'device', 6, told.occurred_at
from told
inner join telling
  on telling.event_id = told.event_id
where told.device is not null
