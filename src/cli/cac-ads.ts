/**
 * Spend and credit by campaign, segment, creative or whatever else, and of some of them only: SELECTs that stand for the
 * relations CAC is computed from, with what is asked about in the place of the channel. So every number comes from the same
 * SQL.
 */
import { RevopsError } from '../errors.ts';
import type { CompiledProject } from '../model/index.ts';
import { didYouMean } from '../nearest.ts';
import type { Session } from '../warehouse/contract.ts';
import { literal } from '../warehouse/sql.ts';
import { sharedCosts } from './cac-costs.ts';
import { CAMPAIGN_KEY, columnsOf, creditKey, placedCredits, SEGMENT_KEY, UNALLOCATED } from './cac-placed.ts';
import { type CacFilters, type Dimension, isByChannel } from './cac-question.ts';
import { keyedSpend, type Shared } from './cac-spent.ts';

/** What is asked about. */
export interface AdsAsked {
  by: Dimension;
  /** What people call it, by key: `campaign / segment` for a segment, with its id where another has the same name. */
  names: ReadonlyMap<string, string>;
  /** Which keys count. Default: all. */
  campaigns?: readonly string[];
  segments?: readonly string[];
}

/** Names of what is asked about. USAGE where there is no such campaign or segment. */
export async function adsAsked(session: Session, by: Dimension, filters: CacFilters): Promise<AdsAsked> {
  const { campaign, segment } = filters;
  if (by === 'creative' && campaign === undefined && segment === undefined)
    return { by, names: await namesBy(session, by, []) };
  if (by !== 'campaign' && by !== 'segment' && campaign === undefined && segment === undefined)
    return { by, names: new Map() };
  const ads = await session.query<Ad>(ADS);
  const campaigns =
    campaign === undefined ? undefined : matching('--campaign', campaign, ads, 'campaign_id', 'campaign_name');
  const within = campaigns === undefined ? ads : ads.filter((ad) => campaigns.includes(ad));
  const segments =
    segment === undefined ? undefined : matching('--segment', segment, within, 'segment_id', 'segment_name');
  return {
    by,
    names: await namesBy(session, by, ads),
    ...(campaigns === undefined ? {} : { campaigns: distinct(campaigns, 'campaign_key') }),
    ...(segments === undefined ? {} : { segments: distinct(segments, 'segment_key') }),
  };
}

/**
 * `attribution_credits` and `spend_daily`, grouped and filtered as asked, and the costs besides of what they are grouped by;
 * `given` has the SELECTs that these are made of.
 */
export function adRelations(
  compiled: CompiledProject,
  { by, campaigns, segments }: AdsAsked,
  { channel, minTouchpoints }: CacFilters,
  { credits, spend, costs }: { credits: string; spend: string; costs: string },
  counted: Omit<Shared, 'credits'>,
): Map<string, string> {
  const isPart = campaigns !== undefined || segments !== undefined;
  // By channel all channels are computed: what is for all of them is shared among all of them.
  const places = [
    ...(isByChannel({ by }) || channel === undefined ? [] : [`channel = ${literal(channel)}`]),
    ...oneOf(CAMPAIGN_KEY, campaigns),
    ...oneOf(SEGMENT_KEY, segments),
  ];
  const ofPaths = minTouchpoints === undefined ? [] : [`path_length >= ${minTouchpoints}`];
  const areAdsNeeded = by !== 'channel' || isPart;
  const placed = areAdsNeeded ? placedCredits(compiled, by, credits) : credits;
  const asked = `select * from (${placed}) as placed ${where([...places, ...ofPaths])}`;
  const spent = `select * from (${spend}) as spent ${where(places)}`;
  const keyed = keyedSpend(compiled, by, spent, { ...counted, credits: asked });
  return new Map([
    [
      CREDITS,
      `select ${columnsOf(compiled, CREDITS, ['channel'])}, ${creditKey(by)} as channel from (${asked}) as placed`,
    ],
    [SPEND, `select ${columnsOf(compiled, SPEND, ['channel'])}, key as channel from (${keyed}) as spent`],
    ...(areAdsNeeded ? ([[COSTS, sharedCosts({ by, isPart, channel, spent: keyed }, { costs, spend })]] as const) : []),
  ]);
}

// --- internal ---

interface Named {
  [column: string]: string | null;
  campaign_id: string;
  campaign_name: string | null;
}

interface Creative extends Named {
  creative_key: string;
  creative_id: string;
  creative_name: string | null;
}

interface Ad extends Named {
  campaign_key: string;
  segment_key: string;
  segment_id: string;
  segment_name: string | null;
}

const CREDITS = 'attribution_credits';
const SPEND = 'spend_daily';
const COSTS = 'fixed_cost_periods';
/** Every campaign and segment that ever spent, as it was called last. */
const ADS = `
with named as (
  select platform, campaign_id, segment_id, campaign_name, segment_name,
    row_number() over (
      partition by platform, campaign_id, segment_id order by spend_date desc, account_id
    ) as recency
  from core.spend_daily
)
select platform || ':' || campaign_id as campaign_key, platform || ':' || campaign_id || ':' || segment_id as segment_key,
  campaign_id, segment_id, campaign_name, segment_name
from named where recency = 1 order by 1, 2`;

/** Every creative that ever spent, as it was called last. */
const CREATIVES = `
with campaign_names as (
  select platform, campaign_id, max(campaign_name) as campaign_name from core.campaigns group by platform, campaign_id
)
select creatives.platform || ':' || creatives.campaign_id || ':' || creatives.creative_id as creative_key,
  creatives.campaign_id, campaign_names.campaign_name, creatives.creative_id, creatives.creative_name
from core.creatives
left join campaign_names
  on campaign_names.platform = creatives.platform and campaign_names.campaign_id = creatives.campaign_id
order by 1`;

async function namesBy(session: Session, by: Dimension, ads: readonly Ad[]): Promise<Map<string, string>> {
  if (by === 'segment') return namesOf(ads, 'segment_key', segmentName);
  if (by === 'creative') return namesOf(await session.query<Creative>(CREATIVES), 'creative_key', creativeName);
  return namesOf(ads, 'campaign_key', campaignName);
}

function oneOf(key: string, values: readonly string[] | undefined): string[] {
  return values === undefined ? [] : [`${key} in (${values.map(literal).join(', ')})`];
}

function where(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** All with this id, or else with this name: campaigns of one name may run on several platforms. */
function matching(
  option: string,
  asked: string,
  ads: readonly Ad[],
  id: 'campaign_id' | 'segment_id',
  name: 'campaign_name' | 'segment_name',
): Ad[] {
  const folded = asked.trim().toLowerCase();
  const byId = ads.filter((ad) => ad[id] === asked);
  const found = byId.length > 0 ? byId : ads.filter((ad) => ad[name]?.trim().toLowerCase() === folded);
  if (found.length > 0) return found;
  const noun = option.slice(2);
  const names = [...new Set(ads.map((ad) => ad[name] ?? ad[id]))].filter((word) => word !== UNALLOCATED).toSorted();
  const near = didYouMean(asked, names);
  const listed = names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')}, …`;
  throw new RevopsError('USAGE', `${option}: no ${noun} with spend is called ${JSON.stringify(asked)}${near}`, {
    hint: names.length === 0 ? `There is no ${noun} with spend.` : `There are: ${listed}.`,
  });
}

const MOST_NAMES = 20;

function distinct(ads: readonly Ad[], key: 'campaign_key' | 'segment_key'): string[] {
  return [...new Set(ads.map((ad) => ad[key]))];
}

function campaignName(ad: Named): { name: string; id: string } {
  return { name: ad.campaign_name ?? ad.campaign_id, id: ad.campaign_id };
}

function segmentName(ad: Ad): { name: string; id: string } {
  const segment = ad.segment_id === UNALLOCATED ? '(unallocated)' : (ad.segment_name ?? ad.segment_id);
  return { name: `${campaignName(ad).name} / ${segment}`, id: `${ad.campaign_id}/${ad.segment_id}` };
}

function creativeName(ad: Creative): { name: string; id: string } {
  return { name: `${campaignName(ad).name} / ${ad.creative_name ?? ad.creative_id}`, id: ad.creative_id };
}

/** Names by key; two of one name are told apart by their ids. */
function namesOf<Key extends string, Row extends Record<Key, string>>(
  ads: readonly Row[],
  key: Key,
  nameOf: (ad: Row) => { name: string; id: string },
): Map<string, string> {
  const keys = new Map<string, Set<string>>();
  for (const ad of ads) keys.set(nameOf(ad).name, (keys.get(nameOf(ad).name) ?? new Set()).add(ad[key]));
  return new Map(
    ads.map((ad) => {
      const { name, id } = nameOf(ad);
      return [ad[key], (keys.get(name)?.size ?? 0) > 1 ? `${name} (${id})` : name];
    }),
  );
}
