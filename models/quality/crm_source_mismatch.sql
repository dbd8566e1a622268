/*
description: >-
  CRMs whose own source of a contact too often is another channel than the first touchpoint of its person: contacts of the
  last 90 days for which both are known. One row per CRM and source in it, and one per CRM for all.
grain: [subject]
tags: [attribution]
check:
  remedy: "See which with `revops query \"select * from contact_sources where not is_same\"`; map the CRM's sources in models/reference/channel_by_crm_source.csv, and have people choose none by hand: what a source was before somebody edited it stands in raw_<crm>.contacts__history, with when."
columns:
  subject: { type: text, description: "CRM, and source in it.", tests: [not_null, unique] }
  day: { type: date, description: Day of the latest contact., tests: [not_null] }
  severity: { type: text, description: warning., tests: [not_null] }
  detail: { type: text, description: How many of how many., tests: [not_null] }
  contacts: { type: bigint, description: Contacts for which both are known., tests: [not_null] }
  mismatched: { type: bigint, description: Those with different channels., tests: [not_null] }
*/
with recent as (
  select
    contact_sources.source,
    contact_sources.crm_source,
    contact_sources.is_same,
    local_date(contact_sources.created_at, settings.time_zone) as created_date
  from contact_sources
  cross join settings
  cross join clock
  where local_date(contact_sources.created_at, settings.time_zone) > clock.today - 90
),

counted as (
  select source as subject, max(created_date) as day, count(*) as contacts, count(*) filter (where not is_same) as mismatched
  from recent
  group by source

  union all

  select source || ' ' || crm_source, max(created_date), count(*), count(*) filter (where not is_same)
  from recent
  group by source, crm_source
)

select
  counted.subject,
  counted.day,
  'warning' as severity,
  cast(counted.mismatched as text) || ' of ' || cast(counted.contacts as text)
    || ' contacts were first touched by another channel than the CRM says' as detail,
  counted.contacts,
  counted.mismatched
from counted
cross join check_settings
where counted.contacts >= 20
  and counted.mismatched > check_settings.most_mismatched * counted.contacts
