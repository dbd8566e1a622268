/**
 * What one credit rests on: the rule, the weights of the whole path, the amount, and the rows behind it.
 */
import { RevopsError } from '../errors.ts';
import type { FeedRow, RawRow } from '../model/lineage/index.ts';
import type { Session } from '../warehouse/contract.ts';
import { type CreditParameters, weighedPath } from './credit-weights.ts';
import {
  type ConversionFacts,
  conversionFacts,
  type Credit,
  type LeftOut,
  type Restatement,
  type Touch,
} from './explain-conversion-rows.ts';
import { shownId } from './shown-id.ts';

export interface CreditFacts {
  conversion_id: string;
  /** Null where the whole path was asked for. */
  touchpoint_id: string | null;
  attribution_model: string;
  /** Whose credit it is, how it got there, and why it has none; null for the whole path and (unattributed). */
  touchpoint:
    | (Pick<Touch, 'person_id' | 'channel' | 'channel_rule' | 'occurred_at'> & { left_out: LeftOut | null })
    | null;
  credits_are: ConversionFacts['credits_are'];
  /** In words, with its parameters; null for a model of the project's own. */
  rule: string | null;
  /** The path as known now, with what this model makes of it. Empty where nothing is in the path. */
  path: PathStep[];
  /** Sum of the weights. */
  total_weight: number | null;
  amount: Amount | null;
  restatements: Restatement[];
  /** The rows that platforms gave: behind the touchpoint, then behind the conversion. */
  source_rows: (RawRow & { behind: 'touchpoint' | 'conversion' })[];
}

export interface PathStep {
  position: number;
  touchpoint_id: string;
  channel: string;
  occurred_at: string | null;
  /** Null where the model is not one of the packaged ones. */
  because: string | null;
  weight: number | null;
  /** The weight over the sum of weights, computed here. */
  computed_credit: number | null;
  /** As known now, by `current_credits`. */
  known: Credit | null;
  /** As reported, by `attribution_credits`: frozen once settled. */
  reported: Credit | null;
}

export interface Amount {
  amount: string | null;
  currency: string | null;
  /** Units of the reporting currency for one of `currency`; null where they are the same, or none is known. */
  rate: string | null;
  rate_date: string | null;
  rate_source: string | null;
  amount_reporting: string | null;
}

export interface CreditAsked {
  conversion: string;
  /** An id, a place in the path, `(unattributed)`, or nothing for the whole path. */
  touchpoint: string | undefined;
  /** Default: the project's primary one. */
  model: string | undefined;
}

/** All about a credit; `rawRows` finds what platforms gave. USAGE where there is no such touchpoint or model. */
export async function creditFacts(
  session: Session,
  asked: CreditAsked,
  rawRows: (rows: readonly FeedRow[]) => Promise<RawRow[]>,
): Promise<CreditFacts> {
  const facts = await conversionFacts(session, asked.conversion);
  const model = await modelMeant(session, asked.model ?? facts.settings.primary_model);
  const id = touchpointMeant(facts, asked.touchpoint);
  const touch = facts.touchpoints.find(({ touchpoint_id: own }) => own === id);
  const { steps, rule, total } = await pathOf(session, facts, model);
  const behindTouch = id === null || touch === undefined ? [] : await session.query<Behind>(BEHIND_TOUCH, [id]);
  const behindConversion = await session.query<Behind>(BEHIND_CONVERSION, [asked.conversion]);
  return {
    conversion_id: asked.conversion,
    touchpoint_id: id,
    attribution_model: model,
    touchpoint:
      touch === undefined
        ? null
        : {
            person_id: touch.person_id,
            channel: touch.channel,
            channel_rule: touch.channel_rule,
            occurred_at: touch.occurred_at,
            left_out: touch.left_out,
          },
    credits_are: facts.credits_are,
    rule,
    path: steps,
    total_weight: total,
    amount: (await session.query<Amount>(AMOUNT, [asked.conversion]))[0] ?? null,
    restatements: facts.restatements,
    source_rows: [
      ...(await rawRows(inOrder(behindTouch).map(feedRow))).map((row) => ({ behind: 'touchpoint' as const, ...row })),
      ...(await rawRows(inOrder(behindConversion).map(feedRow))).map((row) => ({
        behind: 'conversion' as const,
        ...row,
      })),
    ],
  };
}

// --- internal ---

const UNATTRIBUTED = '(unattributed)';

async function modelMeant(session: Session, asked: string): Promise<string> {
  const rows = await session.query<{ attribution_model: string }>(
    'select attribution_model from attribution_models order by attribution_model',
  );
  const known = rows.map(({ attribution_model: name }) => name);
  if (known.includes(asked)) return asked;
  throw new RevopsError('USAGE', `--model: there is no attribution model ${JSON.stringify(asked)}`, {
    hint: `There are: ${known.join(', ')}.`,
  });
}

function touchpointMeant(facts: ConversionFacts, asked: string | undefined): string | null {
  if (asked === undefined) return null;
  const found = facts.touchpoints.find(
    ({ touchpoint_id: id, position }) => id === asked || (/^\d+$/.test(asked) && position === Number(asked)),
  );
  if (found !== undefined) return found.touchpoint_id;
  if (asked === UNATTRIBUTED && Object.keys(facts.unattributed).length > 0) return asked;
  const known = facts.touchpoints.map(({ touchpoint_id: id, position }) =>
    position === null ? id : `${position} = ${id}`,
  );
  throw new RevopsError('USAGE', `no person of ${facts.conversion_id} has a touchpoint ${shownId(asked)}`, {
    hint: known.length === 0 ? 'It has none: give (unattributed).' : `There are: ${known.slice(0, 20).join(', ')}.`,
  });
}

async function pathOf(
  session: Session,
  facts: ConversionFacts,
  model: string,
): Promise<{ steps: PathStep[]; rule: string | null; total: number | null }> {
  const path = facts.touchpoints
    .filter(({ position }) => position !== null)
    .toSorted((one, other) => Number(one.position) - Number(other.position));
  const known = await session.query<Credit & { touchpoint_id: string }>(
    `select touchpoint_id, credit, amount_credit from current_credits
     where conversion_id = $1 and attribution_model = $2`,
    [facts.conversion_id, model],
  );
  const weighed = weighedPath(
    model,
    path.map(({ touchpoint_id: id, channel, occurred_at: at }) => ({
      touchpoint_id: id,
      channel,
      occurred_at: at ?? '',
    })),
    await parametersOf(session, facts.conversion_id),
  );
  const steps = path.map((touch, at): PathStep => {
    const own = known.find(({ touchpoint_id: id }) => id === touch.touchpoint_id);
    const step = weighed?.touches[at];
    return {
      position: Number(touch.position),
      touchpoint_id: touch.touchpoint_id,
      channel: touch.channel,
      occurred_at: touch.occurred_at,
      because: step?.because ?? null,
      weight: step?.weight ?? null,
      computed_credit: step?.credit ?? null,
      known: own === undefined ? null : { credit: own.credit, amount_credit: own.amount_credit },
      reported: touch.credits[model] ?? null,
    };
  });
  return { steps, rule: weighed?.rule ?? null, total: weighed?.total ?? null };
}

async function parametersOf(session: Session, id: string): Promise<CreditParameters> {
  const [row] = await session.query<Record<Exclude<keyof CreditParameters, 'effects'>, string | number | null>>(
    `select position_first, position_last, w_first, w_lead, w_opportunity, half_life_days,
       conversion_windows.lead_at, conversion_windows.opportunity_at
     from settings left join conversion_windows on conversion_windows.conversion_id = $1`,
    [id],
  );
  const effects = await session.query<{ channel: string; removal_effect: number }>(
    `select effects.channel, effects.removal_effect from dated_markov_effects as effects
     inner join conversion_windows on conversion_windows.conversion_type = effects.conversion_type
       and conversion_windows.settles_on = effects.settles_on
     where conversion_windows.conversion_id = $1`,
    [id],
  );
  return {
    position_first: Number(row?.position_first),
    position_last: Number(row?.position_last),
    w_first: Number(row?.w_first),
    w_lead: Number(row?.w_lead),
    w_opportunity: Number(row?.w_opportunity),
    half_life_days: Number(row?.half_life_days),
    lead_at: instantOf(row?.lead_at),
    opportunity_at: instantOf(row?.opportunity_at),
    effects: Object.fromEntries(effects.map(({ channel, removal_effect: effect }) => [channel, effect])),
  };
}

function instantOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

const AMOUNT = `
select conversions.amount, conversions.currency, daily_rates.rate, daily_rates.published_date as rate_date,
  daily_rates.rate_source, conversions.amount_reporting
from conversions
cross join (select reporting_currency from settings) as own
left join daily_rates
  on daily_rates.rate_date = conversions.converted_date
  and daily_rates.currency = conversions.currency
  and daily_rates.currency <> own.reporting_currency
where conversions.conversion_id = $1`;

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

/** What tells of a touchpoint: all copies of the event, the response, the contact that keeps the click, the listed click. */
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

/** What tells of a conversion: its deal or contact, the entry into its stage, and whose it is. */
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

select 'contact_stage_changes', 'source,contact_id,entered_at', changes.source, changes.contact_id,
  cast(changes.entered_at as text)
from asked inner join contact_stage_changes_feed as changes
  on changes.source = asked.source and changes.contact_id = asked.contact_id and changes.entered_at = asked.converted_at
where asked.evidence = 'stage_history'

union all

select 'deal_contacts', 'source,deal_id,contact_id', links.source, links.deal_id, links.contact_id
from asked inner join deal_contacts as links on links.source = asked.source and links.deal_id = asked.deal_id`;
