/*
description: >-
  Deals of Pipedrive, archived ones included. Won and lost are statuses there, which leave the stage as it is; here they are
  the stages won and lost of each pipeline. One row per deal.
grain: [deal_id]
source: pipedrive.deals
reads:
  id: text
  title: text
  status: text
  org_id: text
  pipeline_id: text
  stage_id: text
  value: decimal(38,9)
  currency: text
  owner_id: text
  expected_close_date: date
  won_time: timestamptz
  lost_time: timestamptz
  close_time: timestamptz
  add_time: timestamptz
  update_time: timestamptz
  _deleted: boolean
feeds: deals
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Id of the deal., tests: [not_null, unique] }
  deal_name: { type: text, description: Name. }
  company_id: { type: text, description: Organization; NULL where none. }
  pipeline_id: { type: text, description: Pipeline. }
  stage_id: { type: text, description: "Current stage; won or lost, where that is the status." }
  amount: { type: 'decimal(18,6)', description: "Amount in the deal's currency." }
  currency: { type: text, description: ISO 4217 currency of the amount; NULL where the CRM has one currency only. }
  owner_id: { type: text, description: Owner. }
  close_date_at: { type: timestamptz, description: "Time of winning or losing, which people may edit, else the expected close date as midnight in UTC; when the deal was won is in its stage changes." }
  created_at: { type: timestamptz, description: When the deal was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Deleted or merged away; archived deals are not.", tests: [not_null] }
*/
select
  'pipedrive' as source,
  id as deal_id,
  title as deal_name,
  org_id as company_id,
  pipeline_id,
  case when status in ('won', 'lost') then status else stage_id end as stage_id,
  cast(value as decimal(18, 6)) as amount,
  upper(currency) as currency,
  owner_id,
  coalesce(won_time, lost_time, close_time, cast(expected_close_date as timestamp) at time zone 'UTC') as close_date_at,
  add_time as created_at,
  update_time as updated_at,
  _deleted as is_deleted
from source
