/*
description: >-
  Organizations of Pipedrive. One row per company.
grain: [company_id]
source: pipedrive.organizations
reads:
  id: text
  name: text
  website: text
  employee_count: double
  add_time: timestamptz
  update_time: timestamptz
  _deleted: boolean
feeds: companies
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company., tests: [not_null, unique] }
  company_name: { type: text, description: Name. }
  domain: { type: text, description: "Host of the website, lower case, without www." }
  employees: { type: bigint, description: "People who work there, whole ones; NULL where nobody filled it in, or where it is no number of people." }
  created_at: { type: timestamptz, description: When it was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Deleted or merged away.", tests: [not_null] }
*/
with addresses as (
  select
    id,
    name,
    lower(trim(case when strpos(website, '://') > 0 then split_part(website, '://', 2) else website end)) as address,
    employee_count,
    add_time,
    update_time,
    _deleted
  from source
),

hosts as (
  select
    id,
    name,
    split_part(split_part(split_part(address, '/', 1), '?', 1), ':', 1) as host,
    employee_count,
    add_time,
    update_time,
    _deleted
  from addresses
)

select
  'pipedrive' as source,
  id as company_id,
  name as company_name,
  nullif(case when starts_with(host, 'www.') then substr(host, 5) else host end, '') as domain,
  case when employee_count >= 0 and employee_count < 1e9 then cast(floor(employee_count) as bigint) end as employees,
  add_time as created_at,
  update_time as updated_at,
  _deleted as is_deleted
from hosts
