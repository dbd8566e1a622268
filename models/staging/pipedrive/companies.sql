/*
description: >-
  Organizations of Pipedrive. One row per company.
grain: [company_id]
source: pipedrive.organizations
reads:
  id: text
  name: text
  website: text
  add_time: timestamptz
  update_time: timestamptz
  _deleted: boolean
feeds: companies
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  company_id: { type: text, description: Id of the company., tests: [not_null, unique] }
  company_name: { type: text, description: Name. }
  domain: { type: text, description: "Host of the website, lower case, without www." }
  employees: { type: bigint, description: "NULL." }
  created_at: { type: timestamptz, description: When it was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Deleted or merged away.", tests: [not_null] }
*/
with addresses as (
  select
    id,
    name,
    lower(trim(case when strpos(website, '://') > 0 then split_part(website, '://', 2) else website end)) as address,
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
  cast(null as bigint) as employees,
  add_time as created_at,
  update_time as updated_at,
  _deleted as is_deleted
from hosts
