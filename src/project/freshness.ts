/**
 * How far every source reaches at an instant, against how far behind it may be.
 */
import { addDays, startOfDay } from '../sync/days.ts';
import type { Session } from '../warehouse/contract.ts';
import { stateVersion } from '../warehouse/state/index.ts';
import { coverageRows } from './coverage.ts';
import type { Project } from './load.ts';
import { lastCompleteReads } from './runs.ts';

export interface SourceFreshness {
  /** `connector.stream`. */
  source: string;
  /** The ad account, where days are those of an account; else null. */
  account: string | null;
  /** Up to here its data is complete, ISO 8601; null where nothing was loaded. */
  dataTo: string | null;
  /** When something of it was last loaded, and when the run began that last read all of it; ISO 8601, or null. */
  loadedAt: string | null;
  readAt: string | null;
  hoursSinceLoad: number | null;
  /** When the newest thing happened that it tells of, as last built, ISO 8601; null where it is not known. */
  newestAt: string | null;
  hoursSinceNewest: number | null;
  /** Hours from `dataTo` to now. */
  hoursBehind: number | null;
  /** Hours it may be behind; null where it promises nothing. */
  allowedHours: number | null;
  status: 'fresh' | 'late' | 'never_loaded' | 'no_promise';
}

/** Every configured stream, by account where it has accounts, in the order of the config. */
export async function freshness(project: Project, session: Session, now: Date): Promise<SourceFreshness[]> {
  const isPrepared = (await stateVersion(session)) > 0;
  const reads = isPrepared ? await lastCompleteReads(session) : new Map<string, string>();
  const newest = await newestRecords(session);
  const rows = await coverageRows(project, { models: [] }, session);
  return rows.map((row) => {
    const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
    const source = `${text('connector')}.${text('stream')}`;
    const lastDay = text('covered_to');
    const dataTo =
      text('covered_until') ??
      (lastDay === null ? null : startOfDay(addDays(lastDay, 1), text('time_zone') ?? 'UTC').toISOString());
    const hoursBehind = hoursBetween(dataTo, now);
    const latest = newest(source, text('account_id') ?? '');
    const allowedHours = typeof row['sla_hours'] === 'number' ? row['sla_hours'] : null;
    return {
      source,
      account: text('account_id') === '' ? null : text('account_id'),
      dataTo,
      loadedAt: text('loaded_at'),
      hoursSinceLoad: hoursBetween(text('loaded_at'), now),
      newestAt: latest,
      hoursSinceNewest: hoursBetween(latest, now),
      readAt: reads.get(source) ?? null,
      hoursBehind,
      allowedHours,
      status: statusOf(hoursBehind, allowedHours),
    };
  });
}

// --- internal ---

function hoursBetween(instant: string | null, now: Date): number | null {
  return instant === null ? null : Math.max(0, (now.getTime() - Date.parse(instant)) / 3_600_000);
}

/** The newest record of a stream and account, by what the models say of the feed that it joins. */
async function newestRecords(session: Session): Promise<(source: string, account: string) => string | null> {
  for (const [schema, name] of [
    ['marts', 'source_freshness'],
    ['reference', 'source_coverage'],
  ] as const) {
    if ((await session.describe({ schema, name })) === null) return () => null;
  }
  const rows = await session.query<{ stream: string; account_id: string; newest_at: string | null }>(NEWEST);
  const byStream = new Map(rows.map((row) => [`${row.stream} ${row.account_id}`, row.newest_at]));
  return (source, account) => byStream.get(`${source} ${account}`) ?? null;
}

/** Records of systems that are no connector's came by one that carries others' records: files, a collector, a tracker. */
const NEWEST = `
with streams as (
  select connector || '.' || stream as stream, feed, account_id, replace(connector, '-', '_') as source
  from reference.source_coverage
  where feed is not null
),
named as (
  select records.feed, records.source, records.account_id, records.newest_at,
    max(case when streams.source is null then 0 else 1 end) as is_connector
  from marts.source_freshness as records
  left join streams on streams.feed = records.feed and streams.source = records.source
  group by records.feed, records.source, records.account_id, records.newest_at
)
select streams.stream, streams.account_id, max(named.newest_at) as newest_at
from streams
inner join named on named.feed = streams.feed
  and ((named.source = streams.source and named.account_id in (streams.account_id, '')) or named.is_connector = 0)
group by streams.stream, streams.account_id`;

function statusOf(hoursBehind: number | null, allowedHours: number | null): SourceFreshness['status'] {
  if (hoursBehind === null) return 'never_loaded';
  if (allowedHours === null) return 'no_promise';
  return hoursBehind > allowedHours ? 'late' : 'fresh';
}
