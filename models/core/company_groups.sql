/*
description: >-
  What joins companies of several CRMs where one of them has no domain to itself: a person who belongs to each. Who belongs
  to two companies of one CRM, or to companies of two domains, joins none. One row per company and person.
grain: [company, person_id]
key: person_id
lookups:
  companies: { source: contacts.source, company_id: contacts.company_id }
  company_domains: { source: contacts.source, company_id: contacts.company_id }
materialized: components
components: { nodes: [company, person_id], at: since }
columns:
  company: { type: text, description: "company:, the CRM and its id.", tests: [not_null] }
  person_id: { type: text, description: A person of it., tests: [not_null] }
  since: { type: timestamptz, description: When the person was first its contact. }
*/
with people_of_companies as (
  select
    contacts.person_id,
    contacts.source,
    contacts.company_id,
    companies.mail_domain,
    company_domains.mail_domain as own_domain,
    min(contacts.created_at) as since
  from contacts
  inner join companies
    on companies.source = contacts.source
    and companies.company_id = contacts.company_id
  left join company_domains
    on company_domains.source = contacts.source
    and company_domains.company_id = contacts.company_id
  where not contacts.is_deleted and not companies.is_deleted
  group by
    contacts.person_id,
    contacts.source,
    contacts.company_id,
    companies.mail_domain,
    company_domains.mail_domain
),

joining_people as (
  select people_of_companies.person_id
  from people_of_companies
  left join free_mail_domains
    on free_mail_domains.domain = people_of_companies.mail_domain
  group by people_of_companies.person_id
  having count(*) > 1
    and count(*) = count(distinct people_of_companies.source)
    and count(*) > count(people_of_companies.own_domain)
    and count(distinct case when free_mail_domains.domain is null then people_of_companies.mail_domain end) <= 1
)

select
  'company:' || people_of_companies.source || ':' || people_of_companies.company_id as company,
  people_of_companies.person_id,
  people_of_companies.since
from people_of_companies
inner join joining_people
  on joining_people.person_id = people_of_companies.person_id
