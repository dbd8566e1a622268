/*
description: >-
  Companies of HubSpot. One row per company.
grain: [company_id]
source: hubspot.companies
reads:
  id: text
  name: text
  domain: text
  numberofemployees: double
  created_at: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: companies
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company., tests: [not_null, unique] }
  company_name: { type: text, description: Name. }
  domain: { type: text, description: "Web domain, lower case." }
  employees: { type: bigint, description: "People who work there, whole ones; NULL where nobody filled it in, or where it is no number of people." }
  created_at: { type: timestamptz, description: When it was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
*/
select
  'hubspot' as source,
  id as company_id,
  name as company_name,
  lower(domain) as domain,
  case when numberofemployees >= 0 and numberofemployees < 1e9 then cast(floor(numberofemployees) as bigint) end as employees,
  created_at,
  updated_at,
  _deleted as is_deleted
from source
