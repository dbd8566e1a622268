/*
description: >-
  Which company a contact belongs to, how that is known and how sure: the CRM's own link; else the company whose domain is
  that of the contact's e-mail, or one above it. Several companies of one domain are nobody's guess. One row per source and
  contact.
grain: [source, contact_id]
key: [source, contact_id]
lookups:
  companies: { source: contact_domains.source, mail_domain: contact_domains.mail_domain }
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  contact_id: { type: text, description: Id of the contact in the CRM., tests: [not_null] }
  company_id: { type: text, description: "The company; NULL where none is known, or several." }
  linked_by: { type: text, description: "crm, email_domain or parent_domain; NULL where there is none.", tests: [{ accepted_values: [crm, email_domain, parent_domain] }] }
  confidence: { type: double, description: "1 for the CRM's link, 0.9 for the domain of the address, 0.7 for one above it; NULL where there is none.", tests: [{ between: [0, 1] }] }
  candidates: { type: bigint, description: "Companies that it may be: more than 1 is ambiguous.", tests: [not_null] }
  reason: { type: text, description: "Why there is none: no_domain (no e-mail, free mail, a test domain), no_company (of this domain) or ambiguous.", tests: [{ accepted_values: [no_domain, no_company, ambiguous] }] }
tests:
  - expression: "(company_id is null) = (reason is not null)"
*/
with by_domain as (
  select
    contact_domains.source,
    contact_domains.contact_id,
    contact_domains.levels_above,
    count(companies.company_id) as candidates,
    min(companies.company_id) as company_id,
    row_number() over (
      partition by contact_domains.source, contact_domains.contact_id
      order by case when count(companies.company_id) > 0 then 0 else 1 end, contact_domains.levels_above
    ) as place
  from contact_domains
  left join companies
    on companies.source = contact_domains.source
    and companies.mail_domain = contact_domains.mail_domain
    and not companies.is_deleted
  group by contact_domains.source, contact_domains.contact_id, contact_domains.levels_above
)

select
  contacts_feed.source,
  contacts_feed.contact_id,
  case
    when contacts_feed.company_id is not null then contacts_feed.company_id
    when by_domain.candidates = 1 then by_domain.company_id
  end as company_id,
  case
    when contacts_feed.company_id is not null then 'crm'
    when by_domain.candidates = 1 and by_domain.levels_above = 0 then 'email_domain'
    when by_domain.candidates = 1 then 'parent_domain'
  end as linked_by,
  case
    when contacts_feed.company_id is not null then cast(1 as double precision)
    when by_domain.candidates = 1 and by_domain.levels_above = 0 then cast(0.9 as double precision)
    when by_domain.candidates = 1 then cast(0.7 as double precision)
  end as confidence,
  case when contacts_feed.company_id is not null then 1 else coalesce(by_domain.candidates, 0) end as candidates,
  case
    when contacts_feed.company_id is not null or by_domain.candidates = 1 then null
    when by_domain.candidates is null then 'no_domain'
    when by_domain.candidates = 0 then 'no_company'
    else 'ambiguous'
  end as reason
from contacts_feed
left join by_domain
  on by_domain.source = contacts_feed.source
  and by_domain.contact_id = contacts_feed.contact_id
  and by_domain.place = 1
