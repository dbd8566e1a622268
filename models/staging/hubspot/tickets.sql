/*
description: Tickets of HubSpot. One row per ticket.
grain: [ticket_id]
source: hubspot.tickets
reads:
  id: text
  contact_id: text
  company_id: text
  deal_id: text
  hs_ticket_category: text
  hs_pipeline: text
  hs_pipeline_stage: text
  hs_ticket_priority: text
  hubspot_owner_id: text
  created_at: timestamptz
  closed_date: timestamptz
  updated_at: timestamptz
  _deleted: boolean
feeds: tickets
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  ticket_id: { type: text, description: Id of the ticket., tests: [not_null, unique] }
  contact_id: { type: text, description: "Contact who asked; of several the oldest." }
  company_id: { type: text, description: "Primary company, else the oldest." }
  deal_id: { type: text, description: "Deal it is about, of several the oldest." }
  category: { type: text, description: "What it is about; several are separated by semicolons." }
  pipeline_id: { type: text, description: Pipeline. }
  stage_id: { type: text, description: Current stage. }
  priority: { type: text, description: "low, medium, high or urgent; NULL where none is set, or one that the account made itself." }
  owner_id: { type: text, description: Owner. }
  created_at: { type: timestamptz, description: When it was opened. }
  closed_at: { type: timestamptz, description: When it was closed; NULL while it is open. }
  updated_at: { type: timestamptz, description: When it was last changed. }
  is_deleted: { type: boolean, description: "Archived, deleted or merged away.", tests: [not_null] }
*/
select
  'hubspot' as source,
  id as ticket_id,
  contact_id,
  company_id,
  deal_id,
  hs_ticket_category as category,
  hs_pipeline as pipeline_id,
  hs_pipeline_stage as stage_id,
  case when hs_ticket_priority in ('LOW', 'MEDIUM', 'HIGH', 'URGENT') then lower(hs_ticket_priority) end as priority,
  hubspot_owner_id as owner_id,
  created_at,
  closed_date as closed_at,
  updated_at,
  _deleted as is_deleted
from source
