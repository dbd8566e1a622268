/*
description: >-
  Companies of HubSpot. One row per company.
grain: [company_id]
source: hubspot.companies
reads:
  id: text
  name: text
  domain: text
  created_at: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: companies
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company., tests: [not_null, unique] }
  company_name: { type: text, description: Name. }
  domain: { type: text, description: "Web domain, lower case." }
  employees: { type: bigint, description: "NULL." }
  created_at: { type: timestamptz, description: When it was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
*/
select
  'hubspot' as source,
  id as company_id,
  name as company_name,
  lower(domain) as domain,
  cast(null as bigint) as employees,
  created_at,
  updated_at,
  _deleted as is_deleted
from source
