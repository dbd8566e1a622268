/*
description: >-
  Whose a conversion is. For a deal: its contacts; where it has none, its company's contacts created before the
  conversion, flagged `is_via_company`; else nobody. For a lead or a lifecycle stage: the contact. Deleted contacts are
  nobody. One row per conversion and person.
grain: [conversion_id, person_id]
columns:
  conversion_id: { type: text, description: "Conversion, as in `conversions`.", tests: [not_null] }
  person_id: { type: text, description: Person., tests: [not_null] }
  position: { type: bigint, description: "Order of the people: the primary contact first, then by creation, then by id.", tests: [not_null] }
  is_via_company: { type: boolean, description: "Whether the person is only known through the deal's company.", tests: [not_null] }
*/
with living_contacts as (
  select source, contact_id, person_id, company_id, created_at
  from contacts
  where not is_deleted
),

deal_conversions as (
  select 'customer:' || source || ':' || deal_id as conversion_id, source, deal_id, company_id, won_at as converted_at
  from deals
  where outcome = 'won' and not is_deleted

  union all

  select 'opportunity:' || source || ':' || deal_id, source, deal_id, company_id, created_at
  from deals
  where created_at is not null and not is_deleted
),

people_on_deals as (
  select
    deal_conversions.conversion_id,
    living_contacts.person_id,
    deal_contacts.is_primary,
    living_contacts.created_at
  from deal_conversions
  inner join deal_contacts
    on deal_contacts.source = deal_conversions.source
    and deal_contacts.deal_id = deal_conversions.deal_id
  inner join living_contacts
    on living_contacts.source = deal_contacts.source
    and living_contacts.contact_id = deal_contacts.contact_id
),

deals_with_people as (
  select distinct conversion_id
  from people_on_deals
),

people_via_company as (
  select
    deal_conversions.conversion_id,
    living_contacts.person_id,
    living_contacts.created_at
  from deal_conversions
  left join deals_with_people
    on deals_with_people.conversion_id = deal_conversions.conversion_id
  inner join living_contacts
    on living_contacts.source = deal_conversions.source
    and living_contacts.company_id = deal_conversions.company_id
    and living_contacts.created_at < deal_conversions.converted_at
  where deals_with_people.conversion_id is null
),

leads as (
  select 'lead:' || source || ':' || contact_id as conversion_id, person_id, created_at
  from living_contacts
  where created_at is not null
),

qualified_leads as (
  select
    case changes.lifecycle_stage when 'marketingqualifiedlead' then 'mql:' else 'sql:' end
      || changes.source || ':' || changes.contact_id as conversion_id,
    living_contacts.person_id,
    living_contacts.created_at
  from (
    select distinct source, contact_id, lifecycle_stage
    from contact_stage_changes_feed
    where lifecycle_stage in ('marketingqualifiedlead', 'salesqualifiedlead')
  ) as changes
  inner join living_contacts
    on living_contacts.source = changes.source
    and living_contacts.contact_id = changes.contact_id
),

people as (
  select conversion_id, person_id, is_primary, false as is_via_company, created_at from people_on_deals
  union all
  select conversion_id, person_id, false, true, created_at from people_via_company
  union all
  select conversion_id, person_id, true, false, created_at from leads
  union all
  select conversion_id, person_id, true, false, created_at from qualified_leads
)

select
  conversion_id,
  person_id,
  row_number() over (
    partition by conversion_id
    order by case when is_primary then 0 else 1 end, created_at, byte_order(person_id)
  ) as position,
  is_via_company
from people
