/**
 * What a credit belongs to besides its channel: the campaign, segment, format or creative of its touchpoint, the channel that
 * the customer first came by, how many touchpoints the path has, how large the company is.
 */
import type { CompiledProject } from '../model/index.ts';
import { identifier } from '../warehouse/sql.ts';
import type { Dimension } from './cac-question.ts';

/** What nothing tells: `(no campaign)`, or `(unknown)` of what everything has. */
export function unknownOf(by: Dimension): string {
  return UNKNOWN.has(by) ? '(unknown)' : `(no ${by})`;
}

/** Credits with the columns that keys and filters ask for: what was frozen with the credit counts first. */
export function placedCredits(compiled: CompiledProject, by: Dimension, credits: string): string {
  const { column, join } = MORE[by] ?? { column: '', join: '' };
  return `select ${columnsOf(compiled, 'attribution_credits', ['platform', 'campaign_id'], 'credits')},
    ${CAMPAIGN.platform} as platform, ${CAMPAIGN.id} as campaign_id,
    case when credits.campaign_id is null or credits.campaign_id = ads.campaign_id then ads.segment_id end as segment_id
    ${column === '' ? '' : `, ${column}`}
  from (${credits}) as credits
  left join core.touchpoint_ads as ads on ads.touchpoint_id = credits.touchpoint_id
  ${join}`;
}

/** SQL of what a placed credit is counted under; credit without a touchpoint stays by itself, where it is about touchpoints. */
export function creditKey(by: Dimension): string {
  const key = CREDIT_KEYS[by];
  if (by === 'channel' || by === 'touchpoints' || by === 'company_size') return key;
  if (by === 'first_channel') return `coalesce(${key}, '(unattributed)')`;
  return `case when channel = '(unattributed)' then channel else coalesce(${key}, '${unknownOf(by)}') end`;
}

/** All columns of a relation but some. */
export function columnsOf(compiled: CompiledProject, name: string, but: readonly string[], of?: string): string {
  return (compiled.byName.get(name)?.columns ?? [])
    .filter((column) => !but.includes(column.name))
    .map((column) => (of === undefined ? identifier(column.name) : `${of}.${identifier(column.name)}`))
    .join(', ');
}

export const UNALLOCATED = 'unallocated';
export const CAMPAIGN_KEY = `platform || ':' || campaign_id`;
export const SEGMENT_KEY = `${CAMPAIGN_KEY} || ':' || coalesce(segment_id, '${UNALLOCATED}')`;

// --- internal ---

const UNKNOWN: ReadonlySet<Dimension> = new Set(['format', 'creative', 'company_size']);
const CAMPAIGN = {
  platform: 'coalesce(credits.platform, ads.platform)',
  id: 'coalesce(credits.campaign_id, ads.campaign_id)',
};

const CREDIT_KEYS: Record<Dimension, string> = {
  channel: 'channel',
  first_channel: 'first_channel',
  platform: 'platform',
  campaign: CAMPAIGN_KEY,
  segment: SEGMENT_KEY,
  format: `nullif(campaign_type, '')`,
  creative: 'creative_key',
  touchpoints: `case when path_length < 3 then cast(path_length as text) when path_length < 6 then '3-5'
    when path_length < 11 then '6-10' else '11 or more' end`,
  company_size: `case when employees is null then '(unknown)' when employees < 11 then '1-10' when employees < 51 then '11-50'
    when employees < 201 then '51-200' when employees < 1001 then '201-1000' else '1001 or more' end`,
};

/** A column more, and where it comes from. */
const MORE: Partial<Record<Dimension, { column: string; join: string }>> = {
  // however long before; NULL where nobody was touched before
  first_channel: {
    column: 'cohorts.channel as first_channel',
    join: 'left join core.customer_cohorts as cohorts on cohorts.conversion_id = credits.conversion_id',
  },
  format: {
    column: 'kinds.campaign_type',
    join: `left join (
      select platform, campaign_id, max(campaign_type) as campaign_type from core.campaigns group by platform, campaign_id
    ) as kinds on kinds.platform = ${CAMPAIGN.platform} and kinds.campaign_id = ${CAMPAIGN.id}`,
  },
  creative: {
    column: `creatives.platform || ':' || creatives.campaign_id || ':' || creatives.creative_id as creative_key`,
    join: `left join core.touchpoint_creatives as creatives on creatives.touchpoint_id = credits.touchpoint_id
      and creatives.campaign_id = coalesce(${CAMPAIGN.id}, creatives.campaign_id)`,
  },
  company_size: {
    column: 'companies.employees',
    join: `left join core.all_conversions as wins on wins.conversion_id = credits.conversion_id
    left join core.companies as companies on companies.source = wins.source and companies.company_id = wins.company_id`,
  },
};
