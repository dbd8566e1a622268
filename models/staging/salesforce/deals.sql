/*
description: >-
  Opportunities of Salesforce. The close date is a day typed by people; when a deal was won is in its stage changes. One
  row per deal.
grain: [deal_id]
source: salesforce.opportunities
reads:
  id: text
  account_id: text
  name: text
  stage_name: text
  amount: decimal(38,9)
  currency_iso_code: text
  close_date: date
  owner_id: text
  created_date: timestamptz
  system_modstamp: timestamptz
  _deleted: boolean
feeds: deals
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Id of the deal., tests: [not_null, unique] }
  deal_name: { type: text, description: Name. }
  company_id: { type: text, description: Account; NULL where none. }
  pipeline_id: { type: text, description: "Always opportunity: Salesforce has one list of stages." }
  stage_id: { type: text, description: Current stage. }
  amount: { type: 'decimal(18,6)', description: "Amount in the deal's currency." }
  currency: { type: text, description: ISO 4217 currency of the amount; NULL where the CRM has one currency only. }
  owner_id: { type: text, description: Owner. }
  close_date_at: { type: timestamptz, description: "Close date as typed, a day, as midnight in UTC; not when the deal was won." }
  created_at: { type: timestamptz, description: When the deal was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Deleted or merged away.", tests: [not_null] }
*/
select
  'salesforce' as source,
  id as deal_id,
  name as deal_name,
  account_id as company_id,
  'opportunity' as pipeline_id,
  stage_name as stage_id,
  cast(amount as decimal(18, 6)) as amount,
  upper(currency_iso_code) as currency,
  owner_id,
  cast(close_date as timestamp) at time zone 'UTC' as close_date_at,
  created_date as created_at,
  system_modstamp as updated_at,
  _deleted as is_deleted
from source
