/*
description: >-
  Companies without a domain to themselves that people join with companies of other CRMs. A group with two companies of one
  CRM, or with two domains, is nobody's guess. One row per source and company.
grain: [source, company_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company in the CRM., tests: [not_null] }
  mail_domain: { type: text, description: The domain of the companies that it is joined with; NULL where none has one. }
  owner_id: { type: text, description: "What they are together: company: and the domain, else the CRM and the id of the oldest.", tests: [not_null] }
*/
with members as (
  select
    company_groups.component,
    companies.source,
    companies.company_id,
    companies.created_at,
    company_domains.mail_domain
  from company_groups
  inner join companies
    on company_groups.node = 'company:' || companies.source || ':' || companies.company_id
  left join company_domains
    on company_domains.source = companies.source
    and company_domains.company_id = companies.company_id
),

groups_of_companies as (
  select component, max(mail_domain) as mail_domain
  from members
  group by component
  having count(*) = count(distinct source) and count(distinct mail_domain) <= 1
),

named as (
  select
    members.source,
    members.company_id,
    members.mail_domain as own_domain,
    groups_of_companies.mail_domain,
    'company:' || coalesce(
      groups_of_companies.mail_domain,
      first_value(members.source || ':' || members.company_id) over (
        partition by members.component
        order by members.created_at nulls last, byte_order(members.source), byte_order(members.company_id)
      )
    ) as owner_id
  from members
  inner join groups_of_companies
    on groups_of_companies.component = members.component
),

-- The domain may be of another company of the CRM, or two groups may have come by it.
counted as (
  select
    named.source,
    named.company_id,
    named.own_domain,
    named.mail_domain,
    named.owner_id,
    count(*) over (partition by named.source, named.owner_id) as companies_of_owner,
    company_domains.company_id as company_of_domain
  from named
  left join company_domains
    on company_domains.source = named.source
    and company_domains.mail_domain = named.mail_domain
)

select source, company_id, mail_domain, owner_id
from counted
where own_domain is null
  and company_of_domain is null
  and companies_of_owner = 1
