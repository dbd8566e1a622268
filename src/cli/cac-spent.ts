/**
 * What spend is of, besides its channel: SELECTs that stand for `spend_daily`, with a column `key`. Every one of them adds up
 * to the spend that it is made of.
 */
import type { CompiledProject } from '../model/index.ts';
import { literal } from '../warehouse/sql.ts';
import { CAMPAIGN_KEY, columnsOf, creditKey, SEGMENT_KEY, unknownOf } from './cac-placed.ts';
import type { Basis, Dimension } from './cac-question.ts';
import type { Grain } from './period.ts';

/** How spend is shared among customers. */
export interface Shared {
  /** Placed credits. */
  credits: string;
  basis: Basis;
  grain: Grain;
  /** Default: the project's primary model. */
  model?: string | undefined;
}

/** `spend_daily` with the key of each row. */
export function keyedSpend(compiled: CompiledProject, by: Dimension, spend: string, shared: Shared): string {
  if (by === 'creative') return creativeSpend(compiled, spend);
  if (by === 'touchpoints' || by === 'company_size') return sharedSpend(compiled, by, spend, shared);
  return `select spent.*, ${SPEND_KEYS[by]} as key from (${spend}) as spent`;
}

// --- internal ---

const SPEND_KEYS: Record<Exclude<Dimension, 'creative' | 'touchpoints' | 'company_size'>, string> = {
  channel: 'channel',
  first_channel: 'channel',
  platform: 'platform',
  campaign: CAMPAIGN_KEY,
  segment: SEGMENT_KEY,
  format: `coalesce(nullif(campaign_type, ''), '${unknownOf('format')}')`,
};

const SPLIT = ['spend', 'spend_reporting', 'impressions', 'clicks'];
const NOBODY = '(nobody won)';

/** A segment's day is its creatives' and what is left of it. */
function creativeSpend(compiled: CompiledProject, spend: string): string {
  const kept = columnsOf(compiled, 'spend_daily', SPLIT, 'spent');
  const same = ['platform', 'account_id', 'campaign_id', 'segment_id', 'spend_date'];
  const isSame = same.map((column) => `parts.${column} = spent.${column}`).join(' and ');
  const rest = SPLIT.map((column) =>
    column === 'spend_reporting'
      ? 'case when sums.segment_id is null then spent.spend_reporting else spent.spend_reporting - sums.spend_reporting end as spend_reporting'
      : `spent.${column} - coalesce(sums.${column}, 0) as ${column}`,
  );
  return `
select ${kept}, ${SPLIT.map((column) => `parts.${column}`).join(', ')},
  spent.platform || ':' || spent.campaign_id || ':' || parts.creative_id as key
from (${spend}) as spent
inner join core.creative_days as parts on ${isSame}
where spent.source_grain = 'day'
union all
select ${kept}, ${rest.join(', ')}, '${unknownOf('creative')}' as key
from (${spend}) as spent
left join (
  select ${same.join(', ')}, sum(spend) as spend, sum(impressions) as impressions, sum(clicks) as clicks,
    case when count(*) = count(spend_reporting) then sum(spend_reporting) end as spend_reporting
  from core.creative_days group by ${same.join(', ')}
) as sums on spent.source_grain = 'day' and ${isSame.replaceAll('parts.', 'sums.')}`;
}

/**
 * What a channel spent in a period is shared among the customers that it won in it, or of whom it was the cohort, by their
 * credit. What was spent where nobody was won is by itself.
 */
function sharedSpend(
  compiled: CompiledProject,
  by: Dimension,
  spend: string,
  { credits, basis, grain, model }: Shared,
): string {
  const period = (day: string): string => `period_start(${day}, '${grain}', settings.week_start)`;
  const [day, cohorts] =
    basis === 'cohort'
      ? [
          'cohorts.first_touch_date',
          'inner join core.customer_cohorts as cohorts on cohorts.conversion_id = placed.conversion_id',
        ]
      : ['placed.booked_date', ''];
  const part = (column: string): string => {
    const upTo = (sum: string): string =>
      `cast(spent.${column} * cast(decimal_ratio(${sum}, ranges.total) as decimal(18,12)) as decimal(18,6))`;
    return `case when ranges.key is null then spent.${column}
      else (case when ranges.up_to = ranges.total then spent.${column} else ${upTo('ranges.up_to')} end)
        - ${upTo('ranges.up_to - ranges.credit')} end as ${column}`;
  };
  return `
select ${columnsOf(compiled, 'spend_daily', ['spend', 'spend_reporting'], 'spent')}, ${part('spend')}, ${part('spend_reporting')},
  coalesce(ranges.key, '${NOBODY}') as key
from (${spend}) as spent
cross join settings
left join (
  select channel, period, key, credit,
    sum(credit) over (partition by channel, period order by byte_order(key)) as up_to,
    sum(credit) over (partition by channel, period) as total
  from (
    select placed.channel, ${period(day)} as period, ${creditKey(by)} as key, sum(cast(placed.credit as decimal(18,12))) as credit
    from (${credits}) as placed
    ${cohorts}
    cross join settings
    where placed.is_new_customer
      and placed.attribution_model = ${model === undefined ? 'settings.primary_model' : literal(model)}
    group by 1, 2, 3
  ) as credited
  where credit > 0
) as ranges on ranges.channel = spent.channel and ranges.period = ${period('spent.spend_date')}`;
}
