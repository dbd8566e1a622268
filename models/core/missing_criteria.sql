/*
description: >-
  Deals in a stage without what the stage asks for, by the criteria that the config's `pipeline` declares and that hold
  today. Deleted deals are absent. One row per source, deal and thing that is missing.
grain: [source, deal_id, needs]
key: [source, deal_id]
columns:
  source: { type: text, description: "CRM, as the connector is named.", tests: [not_null] }
  deal_id: { type: text, description: Deal., tests: [not_null] }
  pipeline_id: { type: text, description: Its pipeline. }
  stage_id: { type: text, description: Its stage., tests: [not_null] }
  stage_label: { type: text, description: Name of the stage. }
  needs: { type: text, description: "What is missing: amount, company, contact, owner, close_date or currency.", tests: [not_null, { accepted_values: [amount, company, contact, owner, close_date, currency] }] }
  owner_id: { type: text, description: Owner of the deal. }
*/
with asked as (
  select distinct deals.source, deals.deal_id, stage_criteria.needs
  from deals
  cross join clock
  inner join stage_criteria
    on stage_criteria.stage_id = deals.stage_id
  where not deals.is_deleted
    and coalesce(stage_criteria.source, deals.source) = deals.source
    and (stage_criteria.pipeline_id is null or stage_criteria.pipeline_id = deals.pipeline_id)
    and coalesce(stage_criteria.valid_from, clock.today) <= clock.today
    and coalesce(stage_criteria.valid_to, clock.today) >= clock.today
),

deals_with_contacts as (
  select distinct source, deal_id
  from deal_contacts
)

select
  asked.source,
  asked.deal_id,
  deals.pipeline_id,
  deals.stage_id,
  deals.stage_label,
  asked.needs,
  deals.owner_id
from asked
inner join deals
  on deals.source = asked.source
  and deals.deal_id = asked.deal_id
left join deals_feed
  on deals_feed.source = asked.source
  and deals_feed.deal_id = asked.deal_id
left join deals_with_contacts
  on deals_with_contacts.source = asked.source
  and deals_with_contacts.deal_id = asked.deal_id
where case asked.needs
  when 'amount' then coalesce(deals.amount, 0) <= 0
  when 'company' then deals.company_id is null
  when 'contact' then deals_with_contacts.deal_id is null
  when 'owner' then deals.owner_id is null
  when 'close_date' then deals.close_date_at is null
  when 'currency' then deals_feed.currency is null
end
