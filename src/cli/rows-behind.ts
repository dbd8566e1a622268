/**
 * The rows of feeds that tell of a touchpoint or of a conversion.
 */
import type { FeedRow } from '../model/lineage/index.ts';
import type { Session } from '../warehouse/contract.ts';

/** All copies of the event, the response, the contact that keeps the click, the listed click. */
export async function rowsBehindTouchpoint(session: Session, touchpointId: string): Promise<FeedRow[]> {
  return inOrder(await session.query<Behind>(BEHIND_TOUCH, [touchpointId])).map(feedRow);
}

/** Its deal or contact, the entry into its stage, and whose it is. */
export async function rowsBehindConversion(session: Session, conversionId: string): Promise<FeedRow[]> {
  return inOrder(await session.query<Behind>(BEHIND_CONVERSION, [conversionId])).map(feedRow);
}

// --- internal ---

/** A feed's row by up to three columns of its grain. */
interface Behind {
  feed: string;
  grain: string;
  first: string;
  second: string;
  third: string | null;
}

function inOrder(rows: readonly Behind[]): Behind[] {
  const key = ({ feed, first, second, third }: Behind): string => [feed, first, second, third ?? ''].join('\u0000');
  return rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

function feedRow({ feed, grain, first, second, third }: Behind): FeedRow {
  const values = [first, second, third];
  return {
    feed,
    grain: Object.fromEntries(
      grain.split(',').flatMap((column, at) => (values[at] === null ? [] : [[column, values[at] ?? '']])),
    ),
  };
}

const BEHIND_TOUCH = `
with asked as (select * from touchpoints where touchpoint_id = $1)
select 'events' as feed, 'source,event_id' as grain, event_copies.source as first, event_copies.source_event_id as second,
  cast(null as text) as third
from asked inner join event_copies on event_copies.event_id = substr(asked.touchpoint_id, length(asked.origin) + 2)
where asked.origin in ('web', 'form')

union all

select 'campaign_touches', 'source,touch_id', campaign_touches.source, campaign_touches.touch_id, cast(null as text)
from asked inner join campaign_touches
  on asked.touchpoint_id = 'crm_campaign:' || campaign_touches.source || ':' || campaign_touches.touch_id
where asked.origin = 'crm_campaign'

union all

select 'contacts', 'source,contact_id', contacts.source, contacts.contact_id, cast(null as text)
from asked inner join contacts
  on contacts.person_id = asked.person_id
  and (
    (asked.origin = 'ad_click' and contacts.gclid = asked.click_id)
    or right(asked.touchpoint_id, length(contacts.source) + length(contacts.contact_id) + 2)
      = ':' || contacts.source || ':' || contacts.contact_id
  )
where asked.origin in ('ad_click', 'crm_source') and not contacts.is_deleted

union all

select 'ad_clicks', 'platform,click_id', ad_clicks_feed.platform, ad_clicks_feed.click_id, cast(null as text)
from asked inner join ad_clicks_feed
  on ad_clicks_feed.click_id_type = asked.click_id_type and ad_clicks_feed.click_id = asked.click_id`;

const BEHIND_CONVERSION = `
with asked as (
  select source, conversion_type, deal_id, converted_at, evidence,
    case when deal_id is null then substr(conversion_id, length(conversion_type) + length(source) + 3) end as contact_id
  from conversions where conversion_id = $1
)
select 'deals' as feed, 'source,deal_id' as grain, source as first, deal_id as second, cast(null as text) as third
from asked where deal_id is not null

union all

select 'deal_stage_changes', 'source,deal_id,entered_at', changes.source, changes.deal_id,
  cast(changes.entered_at as text)
from asked inner join deal_stage_changes_feed as changes
  on changes.source = asked.source and changes.deal_id = asked.deal_id and changes.entered_at = asked.converted_at
where asked.evidence = 'stage_history'

union all

select 'contacts', 'source,contact_id', source, contact_id, cast(null as text)
from asked where contact_id is not null

union all

select 'events', 'source,event_id', source, substr(contact_id, length('event:') + 1), cast(null as text)
from asked where evidence = 'event' and strpos(contact_id, 'event:') = 1

union all

select 'invoices', 'source,document_type,document_id', source, split_part(contact_id, ':', 1),
  substr(contact_id, strpos(contact_id, ':') + 1)
from asked where evidence = 'payment' and contact_id is not null

union all

select 'contact_stage_changes', 'source,contact_id,entered_at', changes.source, changes.contact_id,
  cast(changes.entered_at as text)
from asked inner join contact_stage_changes_feed as changes
  on changes.source = asked.source and changes.contact_id = asked.contact_id and changes.entered_at = asked.converted_at
where asked.evidence = 'stage_history'

union all

select 'deal_contacts', 'source,deal_id,contact_id', links.source, links.deal_id, links.contact_id
from asked inner join deal_contacts as links on links.source = asked.source and links.deal_id = asked.deal_id`;
