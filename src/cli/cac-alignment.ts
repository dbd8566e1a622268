/**
 * What `revops cac` says where spend is known for longer periods than the one asked for: which sources, in which grain and
 * up to when, and what to ask instead.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import type { CacQuestion } from './cac-question.ts';
import type { AnswerRow } from './cac-view.ts';
import type { Grain } from './period.ts';

export interface Alignment {
  /** Ad accounts that report by the week or month. */
  sources: CoarseSource[];
  /** The last day with a conversion; these are known by the second. */
  conversions_to: string | null;
  /** The finest grain that all spend of the answer serves, and its last complete period; null where none serves. */
  use: { grain: Grain; last_period: string | null; through: string | null } | null;
}

export interface CoarseSource {
  platform: string;
  account_id: string;
  /** In the order of their names, with commas. */
  channels: string;
  source_grain: Grain;
  /** The last day that its spend covers. */
  last_date: string;
}

/** Of an answer. Null where no row is refused for it. */
export function readAlignment(
  session: Session,
  rows: readonly AnswerRow[],
  { by, filters }: CacQuestion,
): Promise<Alignment | null> {
  const refused = new Set(rows.filter(isRefused).map(({ channel }) => channel));
  const [only] = by === 'channel' && refused.size === 1 ? refused : [];
  return alignmentOf(session, filters.channel ?? only ?? '(all)', rows);
}

/** Of rows of marts that are about a channel, or parts of it. */
export async function alignmentOf(
  session: Session,
  channel: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<Alignment | null> {
  const refused = rows.filter(isRefused);
  const starts = refused.map((row) => String(row['period_start'] ?? row['cohort_start'])).toSorted();
  const ends = refused.map((row) => String(row['period_end'] ?? row['cohort_end'])).toSorted();
  const [from, to] = [starts[0], ends.at(-1)];
  if (from === undefined || to === undefined) return null;
  const asked = [channel, from, to];
  const sources = await session.query<{ [Column in keyof CoarseSource]: string }>(SOURCES, asked);
  const [conversions] = await session.query<{ last: string | null }>(
    'select max(converted_date) as last from conversions',
  );
  const [use] = await session.query<{ grain: string; last_period: string | null; through: string | null }>(USE, asked);
  return {
    sources: sources as unknown as CoarseSource[],
    conversions_to: conversions?.last ?? null,
    use: use === undefined ? null : { ...use, grain: use.grain as Grain },
  };
}

/** For people: a line per source, and what to do. */
export function alignmentLines({ sources, conversions_to: conversions, use }: Alignment): string[] {
  return [
    ...sources.map(
      ({ platform, account_id: account, channels, source_grain: grain, last_date: last }) =>
        `granularity_mismatch: ${platform} ${account} (${channels}) reports spend by ${grain}, to ${last}; conversions are known by day, to ${conversions ?? 'nowhere yet'}.`,
    ),
    use === null ? WITHOUT_GRAIN : `${hintFor(use)}.`,
  ];
}

/** GRANULARITY_MISMATCH where nothing that was asked for has a number because of it. */
export function requireAligned(alignment: Alignment | null, rows: readonly AnswerRow[]): void {
  const isAnswered = rows.some(
    (row) => typeof row['cac'] === 'number' || (!isRefused(row) && Number(row['spend'] ?? 0) !== 0),
  );
  if (alignment === null || isAnswered) return;
  const [first] = alignmentLines(alignment);
  throw new RevopsError(
    'GRANULARITY_MISMATCH',
    `spend is only known for longer periods than those asked for: ${(first ?? '').replace(/^granularity_mismatch: |\.$/g, '')}`,
    { hint: alignment.use === null ? WITHOUT_GRAIN : `${hintFor(alignment.use)}.` },
  );
}

// --- internal ---

const MISMATCH = 'granularity_mismatch';
const WITHOUT_GRAIN = 'No grain serves all of them: ask for one channel with --channel, or export that spend by day.';

function isRefused(row: Readonly<Record<string, unknown>>): boolean {
  return [row['status'], row['cac_status'], row['marginal_status']].includes(MISMATCH);
}

function hintFor({ grain, last_period: last, through }: NonNullable<Alignment['use']>): string {
  if (last === null) return `Use --by ${grain}; no ${grain} is complete yet`;
  return `Use --by ${grain}, through ${through}: the last complete ${grain} begins on ${last}`;
}

/** Of a channel, or of all; those that reach into the days asked about. */
const SOURCES = `
with coarse as (
  select platform, account_id, channel, source_grain, spend_date,
    next_period_start(spend_date, source_grain) - 1 as last_date
  from spend_daily
  where source_grain <> 'day' and ($1 = '(all)' or channel = $1)
),
asked as (
  select distinct platform, account_id, source_grain from coarse
  where last_date >= cast($2 as date) and spend_date <= cast($3 as date)
)
select coarse.platform, coarse.account_id,
  string_agg(distinct coarse.channel, ', ' order by coarse.channel) as channels,
  coarse.source_grain, max(coarse.last_date) as last_date
from coarse
inner join asked on asked.platform = coarse.platform and asked.account_id = coarse.account_id
  and asked.source_grain = coarse.source_grain
group by coarse.platform, coarse.account_id, coarse.source_grain
order by byte_order(coarse.platform), byte_order(coarse.account_id), coarse.source_grain`;

/** The finest grain without such spend in these days, and its last complete period. */
const USE = `
with grains as (
  select period_grain as grain,
    bool_or(has_coarser_spend and period_end >= cast($2 as date) and period_start <= cast($3 as date)) as is_mismatched,
    max(case when is_complete and not has_coarser_spend then period_start end) as last_period,
    max(case when is_complete and not has_coarser_spend then period_end end) as through
  from channel_periods
  where channel = $1
  group by period_grain
)
select grain, last_period, through from grains where not is_mismatched
order by case grain when 'day' then 1 when 'week' then 2 when 'month' then 3 else 4 end limit 1`;
