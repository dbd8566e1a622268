/*
description: >-
  Deals of HubSpot. The close date is typed by people or set by the CRM; when a deal was won is in its stage changes. One
  row per deal.
grain: [deal_id]
source: hubspot.deals
reads:
  id: text
  dealname: text
  hs_primary_associated_company: text
  pipeline: text
  dealstage: text
  amount: decimal(38,9)
  deal_currency_code: text
  hubspot_owner_id: text
  closedate: timestamptz
  created_at: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: deals
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Id of the deal., tests: [not_null, unique] }
  deal_name: { type: text, description: Name. }
  company_id: { type: text, description: Primary company; NULL where none. }
  pipeline_id: { type: text, description: Pipeline. }
  stage_id: { type: text, description: Current stage. }
  amount: { type: 'decimal(18,6)', description: "Amount in the deal's currency." }
  currency: { type: text, description: ISO 4217 currency of the amount; NULL where the CRM has one currency only. }
  owner_id: { type: text, description: Owner. }
  close_date_at: { type: timestamptz, description: Close date as typed or set by the CRM; not when the deal was won. }
  created_at: { type: timestamptz, description: When the deal was created., tests: [{ not_null: , where: not is_deleted }] }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
*/
select
  'hubspot' as source,
  id as deal_id,
  dealname as deal_name,
  hs_primary_associated_company as company_id,
  pipeline as pipeline_id,
  dealstage as stage_id,
  cast(amount as decimal(18, 6)) as amount,
  upper(deal_currency_code) as currency,
  hubspot_owner_id as owner_id,
  closedate as close_date_at,
  created_at,
  updated_at,
  _deleted as is_deleted
from source
