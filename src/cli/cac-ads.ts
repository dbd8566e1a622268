/**
 * Spend and credit by campaign, segment or platform, and of some of them only: SELECTs that stand for the relations CAC is
 * computed from, with what is asked about in the place of the channel. So every number comes from the same SQL.
 */
import { RevopsError } from '../errors.ts';
import type { CompiledProject } from '../model/index.ts';
import { didYouMean } from '../nearest.ts';
import type { Session } from '../warehouse/contract.ts';
import { identifier, literal } from '../warehouse/sql.ts';
import { sharedCosts } from './cac-costs.ts';
import { type CacFilters, type Dimension, isByChannel } from './cac-question.ts';

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
    names: by === 'segment' ? namesOf(ads, 'segment_key', segmentName) : namesOf(ads, 'campaign_key', campaignName),
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
): Map<string, string> {
  // By channel all channels are computed: what is for all of them is shared among all of them.
  const ofChannel = isByChannel({ by }) || channel === undefined ? [] : [`channel = ${literal(channel)}`];
  const isPart = campaigns !== undefined || segments !== undefined;
  const places = [...ofChannel, ...oneOf(CAMPAIGN_KEY, campaigns), ...oneOf(SEGMENT_KEY, segments)];
  const ofPaths = minTouchpoints === undefined ? [] : [`path_length >= ${minTouchpoints}`];
  const areAdsNeeded = by !== 'channel' || isPart;
  const known = by === 'first_channel' ? withFirstChannel(compiled, credits) : credits;
  const placed = areAdsNeeded ? withAds(compiled, known, by === 'first_channel') : known;
  const creditKey =
    by === 'first_channel'
      ? `coalesce(first_channel, '(unattributed)')`
      : `case when channel = '(unattributed)' then channel else coalesce(${KEYS[by]}, '(no ${by})') end`;
  return new Map([
    [
      CREDITS,
      `select ${columns(compiled, CREDITS, ['channel'])}, ${creditKey} as channel
       from (${placed}) as placed ${where([...places, ...ofPaths])}`,
    ],
    [
      SPEND,
      `select ${columns(compiled, SPEND, ['channel'])}, ${KEYS[by]} as channel from (${spend}) as spent ${where(places)}`,
    ],
    ...(areAdsNeeded
      ? ([[COSTS, sharedCosts({ by, key: KEYS[by], conditions: places, channel, isPart }, { costs, spend })]] as const)
      : []),
  ]);
}

// --- internal ---

interface Ad {
  [column: string]: string | null;
  campaign_key: string;
  segment_key: string;
  campaign_id: string;
  segment_id: string;
  campaign_name: string | null;
  segment_name: string | null;
}

const CREDITS = 'attribution_credits';
const SPEND = 'spend_daily';
const COSTS = 'fixed_cost_periods';
const UNALLOCATED = 'unallocated';
const CAMPAIGN_KEY = `platform || ':' || campaign_id`;
const SEGMENT_KEY = `${CAMPAIGN_KEY} || ':' || coalesce(segment_id, '${UNALLOCATED}')`;
const KEYS: Record<Dimension, string> = {
  channel: 'channel',
  first_channel: 'channel',
  platform: 'platform',
  campaign: CAMPAIGN_KEY,
  segment: SEGMENT_KEY,
};

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

/** Credits with the campaign and segment of their touchpoint: what was frozen with the credit counts first. */
function withAds(compiled: CompiledProject, credits: string, hasFirstChannel: boolean): string {
  return `select ${columns(compiled, CREDITS, ['platform', 'campaign_id'], 'credits')},
    ${hasFirstChannel ? 'credits.first_channel,' : ''}
    coalesce(credits.platform, ads.platform) as platform,
    coalesce(credits.campaign_id, ads.campaign_id) as campaign_id,
    case when credits.campaign_id is null or credits.campaign_id = ads.campaign_id then ads.segment_id end as segment_id
  from (${credits}) as credits
  left join core.touchpoint_ads as ads on ads.touchpoint_id = credits.touchpoint_id`;
}

/** Credits with the channel by which the customer first came, however long before; NULL where nobody was touched before. */
function withFirstChannel(compiled: CompiledProject, credits: string): string {
  return `select ${columns(compiled, CREDITS, [], 'credits')}, cohorts.channel as first_channel
  from (${credits}) as credits
  left join core.customer_cohorts as cohorts on cohorts.conversion_id = credits.conversion_id`;
}

/** All columns of a relation but some. */
function columns(compiled: CompiledProject, name: string, but: readonly string[], of?: string): string {
  return (compiled.byName.get(name)?.columns ?? [])
    .filter((column) => !but.includes(column.name))
    .map((column) => (of === undefined ? identifier(column.name) : `${of}.${identifier(column.name)}`))
    .join(', ');
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

function campaignName(ad: Ad): { name: string; id: string } {
  return { name: ad.campaign_name ?? ad.campaign_id, id: ad.campaign_id };
}

function segmentName(ad: Ad): { name: string; id: string } {
  const segment = ad.segment_id === UNALLOCATED ? '(unallocated)' : (ad.segment_name ?? ad.segment_id);
  return { name: `${campaignName(ad).name} / ${segment}`, id: `${ad.campaign_id}/${ad.segment_id}` };
}

/** Names by key; two of one name are told apart by their ids. */
function namesOf(
  ads: readonly Ad[],
  key: 'campaign_key' | 'segment_key',
  nameOf: (ad: Ad) => { name: string; id: string },
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
