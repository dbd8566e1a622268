/*
description: >-
  Companies that have a mail domain to themselves in their CRM, which is what tells them apart. Free mail is nobody's. One
  row per source and company.
grain: [source, company_id]
key: mail_domain
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company in the CRM., tests: [not_null] }
  mail_domain: { type: text, description: Its domain., tests: [not_null] }
*/
with with_domain as (
  select
    companies.source,
    companies.company_id,
    companies.mail_domain,
    count(*) over (partition by companies.source, companies.mail_domain) as companies_of_domain
  from companies
  left join free_mail_domains
    on free_mail_domains.domain = companies.mail_domain
  where companies.mail_domain is not null
    and not companies.is_deleted
    and free_mail_domains.domain is null
)

select source, company_id, mail_domain
from with_domain
where companies_of_domain = 1
