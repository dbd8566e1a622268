/*
description: >-
  Forms and contacts of the last 90 days that too seldom have an e-mail address: nothing else joins an anonymous visitor to
  a contact as surely. Forms by name, source and, where the event tells it as its property `form_id`, form. One row per
  form, and per CRM.
grain: [subject]
tags: [data]
check:
  remedy: "Make the address a required field of the form, and have the tag send it; in the CRM, ask for it when a contact is created. The records: `revops query \"select * from contacts where email is null\"`, or those of `events` under the name and form above."
columns:
  subject: { type: text, description: "Form, or CRM.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest one., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  records: { type: bigint, description: Forms or contacts., tests: [not_null] }
  with_email: { type: bigint, description: Those with an address., tests: [not_null] }
*/
with asked as (
  select
    events.event_name || ' events, ' || events.source || coalesce(', ' || json_text(events.properties, 'form_id'), '') as subject,
    email_address(events.email) is not null as has_email,
    local_date(events.occurred_at, settings.time_zone) as day
  from events
  cross join settings
  inner join form_events
    on form_events.event_name = fold_case(events.event_name)

  union all

  select
    'contacts of ' || contacts.source,
    email_address(contacts.email) is not null,
    local_date(contacts.created_at, settings.time_zone)
  from contacts
  cross join settings
  where not contacts.is_deleted
),

counted as (
  select asked.subject, max(asked.day) as day, count(*) as records, count(*) filter (where asked.has_email) as with_email
  from asked
  cross join clock
  where asked.day > clock.today - 90
    and asked.day <= clock.today
  group by asked.subject
)

select
  counted.subject,
  counted.day,
  'warning' as severity,
  cast(counted.with_email as text) || ' of ' || cast(counted.records as text) || ' have an e-mail address' as detail,
  counted.records,
  counted.with_email
from counted
cross join check_settings
where counted.records >= 20
  and counted.with_email < check_settings.least_emails * counted.records
