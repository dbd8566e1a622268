/*
description: >-
  Companies as the CRM knows them, deleted ones included. One row per source and company.
grain: [source, company_id]
key: [source, company_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company in the CRM., tests: [not_null] }
  company_name: { type: text, description: Name. }
  domain: { type: text, description: "Web domain, lower case." }
  mail_domain: { type: text, description: "The domain as it stands behind the @ of its people: without scheme, path and www." }
  employees: { type: bigint, description: "People who work there; NULL where nothing tells." }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
  created_at: { type: timestamptz, description: When it was created. }
  updated_at: { type: timestamptz, description: When it was last changed. }
*/
with hosts as (
  select
    source,
    company_id,
    company_name,
    domain,
    employees,
    nullif(split_part(replace(replace(lower(trim(domain)), 'https://', ''), 'http://', ''), '/', 1), '') as host,
    is_deleted,
    created_at,
    updated_at
  from companies_feed
)

select
  source,
  company_id,
  company_name,
  domain,
  ascii_domain(
    case
      when starts_with(host, 'www.') then substr(host, 5)
      else host
    end
  ) as mail_domain,
  employees,
  coalesce(is_deleted, false) as is_deleted,
  created_at,
  updated_at
from hosts
