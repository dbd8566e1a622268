/*
description: >-
  What platforms said by their webhooks about a person whom they name by e-mail or phone; all they said is in the raw
  table. One row per webhook and event of its platform.
grain: [source, event_id]
source: collector.webhooks
reads:
  source: text
  event_id: text
  event_type: text
  occurred_at: timestamptz
  received_at: timestamptz
  email: text
  phone: text
  payload: json
  _deleted: boolean
feeds: events
columns:
  source: { type: text, description: "Name of the webhook.", tests: [not_null] }
  event_id: { type: text, description: "Id of the platform's event.", tests: [not_null] }
  message_id: { type: text, description: Always NULL. }
  event_name: { type: text, description: "What happened, in the platform's words.", tests: [not_null] }
  occurred_at: { type: timestamptz, description: "When it happened, by the platform.", tests: [not_null] }
  sent_at: { type: timestamptz, description: Always NULL. }
  received_at: { type: timestamptz, description: "When it was received first." }
  anonymous_id: { type: text, description: Always NULL. }
  user_id: { type: text, description: Always NULL. }
  email: { type: text, description: "E-mail of whom it is about." }
  phone: { type: text, description: "Phone of whom it is about." }
  account_id: { type: text, description: Always NULL. }
  url: { type: text, description: Always NULL. }
  referrer: { type: text, description: Always NULL. }
  utm_source: { type: text, description: Always NULL. }
  utm_medium: { type: text, description: Always NULL. }
  utm_campaign: { type: text, description: Always NULL. }
  utm_content: { type: text, description: Always NULL. }
  utm_term: { type: text, description: Always NULL. }
  gclid: { type: text, description: Always NULL. }
  gbraid: { type: text, description: Always NULL. }
  wbraid: { type: text, description: Always NULL. }
  dclid: { type: text, description: Always NULL. }
  fbclid: { type: text, description: Always NULL. }
  fbc: { type: text, description: Always NULL. }
  fbp: { type: text, description: Always NULL. }
  msclkid: { type: text, description: Always NULL. }
  li_fat_id: { type: text, description: Always NULL. }
  ttclid: { type: text, description: Always NULL. }
  twclid: { type: text, description: Always NULL. }
  rdt_cid: { type: text, description: Always NULL. }
  sccid: { type: text, description: Always NULL. }
  epik: { type: text, description: Always NULL. }
  irclickid: { type: text, description: Always NULL. }
  has_analytics_consent: { type: boolean, description: Always NULL. }
  has_marketing_consent: { type: boolean, description: Always NULL. }
  properties: { type: json, description: "All that the platform said." }
*/
select
  source,
  event_id,
  cast(null as text) as message_id,
  event_type as event_name,
  occurred_at,
  cast(null as timestamptz) as sent_at,
  received_at,
  cast(null as text) as anonymous_id,
  cast(null as text) as user_id,
  email,
  phone,
  cast(null as text) as account_id,
  cast(null as text) as url,
  cast(null as text) as referrer,
  cast(null as text) as utm_source,
  cast(null as text) as utm_medium,
  cast(null as text) as utm_campaign,
  cast(null as text) as utm_content,
  cast(null as text) as utm_term,
  cast(null as text) as gclid,
  cast(null as text) as gbraid,
  cast(null as text) as wbraid,
  cast(null as text) as dclid,
  cast(null as text) as fbclid,
  cast(null as text) as fbc,
  cast(null as text) as fbp,
  cast(null as text) as msclkid,
  cast(null as text) as li_fat_id,
  cast(null as text) as ttclid,
  cast(null as text) as twclid,
  cast(null as text) as rdt_cid,
  cast(null as text) as sccid,
  cast(null as text) as epik,
  cast(null as text) as irclickid,
  cast(null as boolean) as has_analytics_consent,
  cast(null as boolean) as has_marketing_consent,
  payload as properties
from source
where not _deleted
  and coalesce(email, phone) is not null
