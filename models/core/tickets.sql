/*
description: >-
  What customers asked for help with, and who they are. Deleted tickets are absent. One row per source and ticket.
grain: [source, ticket_id]
key: [source, ticket_id]
lookups:
  contacts: { source: tickets_feed.source, contact_id: tickets_feed.contact_id }
  company_owners:
    - { source: tickets_feed.source, company_id: tickets_feed.company_id }
    - { source: contacts.source, company_id: contacts.company_id }
columns:
  source: { type: text, description: System that has it., tests: [not_null] }
  ticket_id: { type: text, description: Id of the ticket., tests: [not_null] }
  contact_id: { type: text, description: Contact who asked; NULL where none. }
  person_id: { type: text, description: "Who that is; NULL where no contact is told or known." }
  company_id: { type: text, description: "Company of the ticket, else of the contact; NULL where none." }
  owner_id: { type: text, description: "That company over all CRMs, as in `conversion_owners`; NULL where it is not known." }
  deal_id: { type: text, description: Deal it is about; NULL where none. }
  category: { type: text, description: "What it is about, by the system's own words." }
  pipeline_id: { type: text, description: Pipeline. }
  stage_id: { type: text, description: Current stage. }
  priority: { type: text, description: "low, medium, high or urgent; NULL where none is set." }
  handled_by: { type: text, description: "Owner of the ticket, as in `record_owners`." }
  is_open: { type: boolean, description: Whether it is not closed yet., tests: [not_null] }
  seconds_open: { type: double, description: From opening to closing; NULL while it is open. }
  opened_date: { type: date, description: "Day it was opened, in the project's time zone." }
  created_at: { type: timestamptz, description: When it was opened. }
  closed_at: { type: timestamptz, description: When it was closed; NULL while it is open. }
*/
with placed as (
  select
    tickets_feed.source,
    tickets_feed.ticket_id,
    tickets_feed.contact_id,
    contacts.person_id,
    coalesce(tickets_feed.company_id, contacts.company_id) as company_id,
    tickets_feed.deal_id,
    tickets_feed.category,
    tickets_feed.pipeline_id,
    tickets_feed.stage_id,
    tickets_feed.priority,
    tickets_feed.owner_id,
    tickets_feed.created_at,
    tickets_feed.closed_at
  from tickets_feed
  left join contacts
    on contacts.source = tickets_feed.source
    and contacts.contact_id = tickets_feed.contact_id
  where not coalesce(tickets_feed.is_deleted, false)
)

select
  placed.source,
  placed.ticket_id,
  placed.contact_id,
  placed.person_id,
  placed.company_id,
  company_owners.owner_id,
  placed.deal_id,
  placed.category,
  placed.pipeline_id,
  placed.stage_id,
  placed.priority,
  placed.owner_id as handled_by,
  placed.closed_at is null as is_open,
  seconds_between(placed.created_at, placed.closed_at) as seconds_open,
  local_date(placed.created_at, settings.time_zone) as opened_date,
  placed.created_at,
  placed.closed_at
from placed
cross join settings
left join company_owners
  on company_owners.source = placed.source
  and company_owners.company_id = placed.company_id
