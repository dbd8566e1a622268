/**
 * The way of a deal, from the first touchpoint of its people to what was paid, and what the customer bought since.
 */
import type { Session } from '../warehouse/contract.ts';
import type { DealId } from './known-deal.ts';

export interface DealTrace {
  deal: DealFacts;
  /** What the deal became: its conversions, or those it is a duplicate of. */
  conversions: { conversion_id: string; conversion_type: string; rule: string; is_new_customer: boolean | null }[];
  people: { person_id: string; is_via_company: boolean; touchpoints: number; touchpoints_in_path: number }[];
  /** Everything that is known, in order of time. */
  steps: Step[];
  /** Where the chain breaks, in its order; empty where it is whole. */
  missing: Missing[];
}

export interface DealFacts extends DealId {
  deal_name: string | null;
  company_id: string | null;
  outcome: 'open' | 'won' | 'lost';
  stage_label: string | null;
  currency: string | null;
  /** Decimal text. */
  amount: string | null;
  is_deleted: boolean;
  won_at: string | null;
}

export type StepKind = 'touch' | 'person' | 'deal' | 'revenue' | 'renewal';

export interface Step {
  kind: StepKind;
  what: string;
  detail: string | null;
  /** Whose it is; null where it is the deal's. */
  person_id: string | null;
  /** Credit for the win under the primary model; null where it has none. */
  credit: number | null;
  /** Decimal text in `currency`; of the project's where that is null. */
  amount: string | null;
  currency: string | null;
  occurred_at: string | null;
}

export interface Missing {
  /** The link that is not there. */
  link: 'touch → person' | 'person → deal' | 'deal → revenue';
  why: string;
}

export async function traceOfDeal(session: Session, id: DealId): Promise<DealTrace> {
  const asked = [id.source, id.deal_id];
  const [deal] = await session.query<DealFacts>(
    `select source, deal_id, deal_name, company_id, outcome, stage_label, currency, amount, is_deleted, won_at
     from deals where source = $1 and deal_id = $2`,
    asked,
  );
  const conversions = await session.query<DealTrace['conversions'][number]>(
    `select told.conversion_id, told.conversion_type, told.rule, conversions.is_new_customer
     from conversion_sources as told
     left join conversions on conversions.conversion_id = told.conversion_id
     where told.record_type = 'deal' and told.source = $1 and told.record_id = $2 and told.conversion_id is not null
     order by told.conversion_type`,
    asked,
  );
  const people = await session.query<DealTrace['people'][number]>(PEOPLE, asked);
  const steps = await session.query<Step>(STEPS, asked);
  const [billing] = await session.query<{ documents: number }>('select count(*) as documents from invoices');
  return {
    deal: deal!,
    conversions,
    people,
    steps,
    missing: missingLinks(deal!, people, steps, Number(billing?.documents) > 0),
  };
}

// --- internal ---

/** Its conversions, and whose they are; before there is one, the contacts on the deal. */
const CHAIN = `
with own as (
  select distinct conversion_id, conversion_type from conversion_sources
  where record_type = 'deal' and source = $1 and record_id = $2 and conversion_id is not null
),
whose as (
  select conversion_people.person_id, conversion_people.is_via_company
  from own inner join conversion_people on conversion_people.conversion_id = own.conversion_id

  union

  select deal_contacts.person_id, false
  from deal_contacts
  inner join contacts
    on contacts.source = deal_contacts.source and contacts.contact_id = deal_contacts.contact_id
  where deal_contacts.source = $1 and deal_contacts.deal_id = $2
    and deal_contacts.person_id is not null and not contacts.is_deleted
),
people_of_deal as (
  select person_id, bool_and(is_via_company) as is_via_company from whose group by person_id
),
credits as (
  select attribution_credits.touchpoint_id, attribution_credits.credit, attribution_credits.amount_credit
  from attribution_credits
  inner join own on own.conversion_id = attribution_credits.conversion_id and own.conversion_type = 'customer'
  inner join (select primary_model from settings) as settings
    on settings.primary_model = attribution_credits.attribution_model
)`;

const PEOPLE = `${CHAIN},
paths as (
  select distinct conversion_touchpoints.touchpoint_id
  from own inner join conversion_touchpoints on conversion_touchpoints.conversion_id = own.conversion_id
)
select people_of_deal.person_id, people_of_deal.is_via_company, count(touchpoints.touchpoint_id) as touchpoints,
  count(paths.touchpoint_id) as touchpoints_in_path
from people_of_deal
left join touchpoints on touchpoints.person_id = people_of_deal.person_id
left join paths on paths.touchpoint_id = touchpoints.touchpoint_id
group by people_of_deal.person_id, people_of_deal.is_via_company
order by byte_order(people_of_deal.person_id)`;

const STEPS = `${CHAIN},
payers as (
  select distinct told.source, told.record_id as customer_id
  from own
  inner join conversion_sources as told
    on told.conversion_id = own.conversion_id and told.record_type = 'billing_customer'
  where own.conversion_type = 'customer'
),
owners as (
  select distinct conversion_owners.owner_id, conversion_owners.converted_at
  from own
  inner join conversion_owners on conversion_owners.conversion_id = own.conversion_id
  where own.conversion_type = 'customer'
),
steps as (
  select 0 as place, 'touch' as kind, touchpoints.channel as what,
    coalesce(touchpoints.campaign, touchpoints.source) as detail, touchpoints.person_id, credits.credit,
    credits.amount_credit as amount, cast(null as text) as currency, touchpoints.occurred_at, touchpoints.touchpoint_id as id
  from people_of_deal
  inner join touchpoints on touchpoints.person_id = people_of_deal.person_id
  left join credits on credits.touchpoint_id = touchpoints.touchpoint_id

  union all

  select 1, 'person', conversions.conversion_type, conversions.conversion_id, people_of_deal.person_id,
    cast(null as double precision), cast(null as decimal(18,6)), cast(null as text), conversions.converted_at,
    conversions.conversion_id
  from people_of_deal
  inner join conversions
    on conversions.person_id = people_of_deal.person_id and conversions.conversion_type in ('lead', 'mql', 'sql')

  union all

  select 2, 'deal', 'deal created', source || ':' || deal_id, cast(null as text), cast(null as double precision),
    cast(null as decimal(18,6)), cast(null as text), created_at, deal_id
  from deals where source = $1 and deal_id = $2 and created_at is not null

  union all

  select 3, 'deal', 'stage ' || coalesce(stage_label, stage_id), outcome, cast(null as text),
    cast(null as double precision), cast(null as decimal(18,6)), cast(null as text), entered_at, deal_id
  from deal_stages where source = $1 and deal_id = $2

  union all

  select 4, 'revenue', 'won', 'by ' || replace(won_evidence, '_', ' '), cast(null as text),
    cast(null as double precision), amount, currency, won_at, deal_id
  from deals where source = $1 and deal_id = $2 and outcome = 'won' and not is_deleted

  union all

  select 5, 'revenue', replace(invoices.document_type, '_', ' ') || ' ' || invoices.status,
    invoices.source || ':' || invoices.document_id, cast(null as text), cast(null as double precision),
    invoices.amount, invoices.currency, coalesce(invoices.paid_at, invoices.issued_at, invoices.created_at),
    invoices.document_id
  from payers
  inner join invoices on invoices.source = payers.source and invoices.customer_id = payers.customer_id
  where not invoices.is_deleted and coalesce(invoices.status, '') not in ('draft', 'void')

  union all

  select 6, 'renewal', 'won again', conversions.conversion_id, cast(null as text), cast(null as double precision),
    conversions.amount, conversions.currency, conversions.converted_at, conversions.conversion_id
  from owners
  inner join conversion_owners on conversion_owners.owner_id = owners.owner_id
  inner join conversions
    on conversions.conversion_id = conversion_owners.conversion_id
    and conversions.conversion_type = 'customer'
    and conversions.converted_at > owners.converted_at

  union all

  select 7, 'renewal', 'MRR ' || mrr_movements.kind, mrr_movements.source || ':' || mrr_movements.customer_id,
    cast(null as text), cast(null as double precision), mrr_movements.amount, cast(null as text),
    day_start(mrr_movements.moved_date, settings.time_zone), mrr_movements.customer_id
  from payers
  inner join mrr_movements
    on mrr_movements.source = payers.source and mrr_movements.customer_id = payers.customer_id
  cross join (select time_zone from settings) as settings
)
select kind, what, detail, person_id, credit, amount, currency, occurred_at
from steps order by occurred_at nulls first, place, byte_order(id)`;

function missingLinks(
  deal: DealFacts,
  people: DealTrace['people'],
  steps: readonly Step[],
  hasBilling: boolean,
): Missing[] {
  const found: Missing[] = [];
  const told = (link: Missing['link'], why: string): void => void found.push({ link, why });
  if (people.length === 0) {
    told(
      'person → deal',
      deal.company_id === null
        ? 'no contact is on the deal, and it has no company'
        : `no contact is on the deal, and company ${deal.company_id} had none by then`,
    );
  } else if (people.every(({ is_via_company: isVia }) => isVia)) {
    told('person → deal', "no contact is on the deal: its company's contacts stand for it");
  }
  if (people.length > 0 && people.every(({ touchpoints }) => touchpoints === 0))
    told('touch → person', 'no touchpoint of its people is known');
  else if (people.length > 0 && people.every(({ touchpoints_in_path: inPath }) => inPath === 0))
    told('touch → person', 'none of the touchpoints lies in the lookback of a conversion of the deal');
  if (deal.is_deleted) told('deal → revenue', 'the deal was deleted');
  else if (deal.outcome !== 'won') told('deal → revenue', `the deal is ${deal.outcome}`);
  else if (deal.amount === null) told('deal → revenue', 'the deal has no amount');
  if (deal.outcome === 'won' && hasBilling && !steps.some(({ kind, what }) => kind === 'revenue' && what !== 'won'))
    told('deal → revenue', 'no document of billing belongs to it');
  return found;
}
