/*
description: >-
  Forms of HubSpot that people filled in, as events. Where the form stands on a page that a tracker of yours reports
  from, the tracker's event is another one of the same action. One row per submission.
grain: [event_id]
source: hubspot.form_submissions
reads:
  submission_id: text
  submitted_at: timestamptz
  page_url: text
  email: text
  phone: text
  utm_source: text
  utm_medium: text
  utm_campaign: text
  utm_content: text
  utm_term: text
  gclid: text
  fbclid: text
  msclkid: text
  li_fat_id: text
  fields: json
  _deleted: boolean
feeds: events
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  event_id: { type: text, description: Id of the submission., tests: [not_null, unique] }
  message_id: { type: text, description: "NULL: the platform tells none." }
  event_name: { type: text, description: Always form_submission., tests: [not_null] }
  occurred_at: { type: timestamptz, description: When the form was sent. }
  sent_at: { type: timestamptz, description: Always NULL. }
  received_at: { type: timestamptz, description: Always NULL. }
  anonymous_id: { type: text, description: "NULL: the platform does not tell the device." }
  user_id: { type: text, description: Always NULL. }
  email: { type: text, description: E-mail as typed. }
  phone: { type: text, description: Phone as typed. }
  account_id: { type: text, description: Always NULL. }
  url: { type: text, description: "Page with the form, verbatim." }
  referrer: { type: text, description: Always NULL. }
  utm_source: { type: text, description: "utm_source as the form carries it in a hidden field." }
  utm_medium: { type: text, description: "utm_medium as the form carries it in a hidden field." }
  utm_campaign: { type: text, description: "utm_campaign as the form carries it in a hidden field." }
  utm_content: { type: text, description: "utm_content as the form carries it in a hidden field." }
  utm_term: { type: text, description: "utm_term as the form carries it in a hidden field." }
  gclid: { type: text, description: "gclid as the form carries it in a hidden field." }
  gbraid: { type: text, description: Always NULL. }
  wbraid: { type: text, description: Always NULL. }
  dclid: { type: text, description: Always NULL. }
  fbclid: { type: text, description: "fbclid as the form carries it in a hidden field." }
  fbc: { type: text, description: Always NULL. }
  fbp: { type: text, description: Always NULL. }
  msclkid: { type: text, description: "msclkid as the form carries it in a hidden field." }
  li_fat_id: { type: text, description: "li_fat_id as the form carries it in a hidden field." }
  ttclid: { type: text, description: Always NULL. }
  twclid: { type: text, description: Always NULL. }
  rdt_cid: { type: text, description: Always NULL. }
  sccid: { type: text, description: Always NULL. }
  epik: { type: text, description: Always NULL. }
  irclickid: { type: text, description: Always NULL. }
  has_analytics_consent: { type: boolean, description: Always NULL. }
  has_marketing_consent: { type: boolean, description: Always NULL. }
  properties: { type: json, description: All fields as typed. }
*/
select
  'hubspot' as source,
  submission_id as event_id,
  cast(null as text) as message_id,
  'form_submission' as event_name,
  submitted_at as occurred_at,
  cast(null as timestamptz) as sent_at,
  cast(null as timestamptz) as received_at,
  cast(null as text) as anonymous_id,
  cast(null as text) as user_id,
  email,
  phone,
  cast(null as text) as account_id,
  page_url as url,
  cast(null as text) as referrer,
  utm_source,
  utm_medium,
  utm_campaign,
  utm_content,
  utm_term,
  gclid,
  cast(null as text) as gbraid,
  cast(null as text) as wbraid,
  cast(null as text) as dclid,
  fbclid,
  cast(null as text) as fbc,
  cast(null as text) as fbp,
  msclkid,
  li_fat_id,
  cast(null as text) as ttclid,
  cast(null as text) as twclid,
  cast(null as text) as rdt_cid,
  cast(null as text) as sccid,
  cast(null as text) as epik,
  cast(null as text) as irclickid,
  cast(null as boolean) as has_analytics_consent,
  cast(null as boolean) as has_marketing_consent,
  fields as properties
from source
where not _deleted
