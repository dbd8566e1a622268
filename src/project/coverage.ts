/**
 * How far each configured stream's data reaches: the relation `source_coverage`.
 */
import type { Cursor, Reach } from '../connector/contract.ts';
import type { InputRow, ModelProject } from '../model/contract.ts';
import { addDays, startOfDay } from '../sync/days.ts';
import { sourceCoverage } from '../sync/index.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement, stateVersion } from '../warehouse/state/index.ts';
import type { Project } from './load.ts';
import { lastCompleteReads } from './runs.ts';

/** One row per stream and account; one with NULLs for a stream that was never loaded. */
export async function coverageRows(
  project: Project,
  models: Pick<ModelProject, 'models'>,
  session: Session,
): Promise<InputRow[]> {
  const isPrepared = (await stateVersion(session)) > 0;
  const reads = isPrepared ? await lastCompleteReads(session) : new Map<string, string>();
  const windows = isPrepared ? await sourceCoverage(session) : [];
  const seen = isPrepared ? await partitionsSeen(session) : new Map<string, string>();
  const cursors = isPrepared ? await positions(session) : new Map<string, Cursor>();
  const loads = isPrepared ? await lastLoads(session) : new Map<string, string>();
  const feeds = feedsByTable(models);
  return project.connectors.flatMap((connector) =>
    connector.streams.flatMap((stream): InputRow[] => {
      const key = `${connector.name}.${stream.name}`;
      const read = reads.get(key) ?? null;
      const common = {
        connector: connector.name,
        stream: stream.name,
        feed: feeds.get(tableKey(connector.name, stream.name)) ?? null,
        loaded_at: loads.get(key) ?? null,
        sla_hours: slaHours(project.checks, key, stream.slaHours),
      };
      const nothing = {
        account_id: '',
        time_zone: null,
        covered_from: null,
        covered_to: null,
        final_to: null,
        covered_until: null,
      };
      if (stream.mode !== 'window' && stream.reach !== undefined) {
        const cursor = cursors.get(key);
        // The last complete sync found nothing to read, as where a tracker has no table of this kind.
        if (read !== null && !seen.has(`${key} {}`)) return [];
        const reached = cursor === undefined ? {} : reachColumns(stream.reach(cursor), project.timeZone);
        return [{ ...common, ...nothing, ...reached }];
      }
      if (stream.mode !== 'window') return [{ ...common, ...nothing, covered_until: read }];
      const accounts = windows
        .filter((row) => row.connector === connector.name && row.stream === stream.name)
        // An account that the last complete sync did not list is configured no more.
        .filter((row) => read === null || (seen.get(`${key} ${row.partition_key}`) ?? '') >= read)
        .map((row) => ({
          ...common,
          account_id: row.account_id ?? row.partition_key,
          time_zone: row.time_zone,
          covered_from: row.covered_from,
          covered_to: row.covered_to,
          final_to: row.final_to,
          covered_until: null,
        }));
      return accounts.length > 0 ? accounts : [{ ...common, ...nothing }];
    }),
  );
}

/** When a stream's state was last written, by `connector.stream`. */
export async function lastLoads(session: Session): Promise<Map<string, string>> {
  const rows = await session.query<{ connector: string; stream: string; at: string }>(
    ...statement(
      state('stream_state').groupBy('connector', 'stream').select('connector', 'stream').max({ at: 'updated_at' }),
    ),
  );
  return new Map(rows.map(({ connector, stream, at }) => [`${connector}.${stream}`, at]));
}

// --- internal ---

/** What the config says of the stream, else of its connector; else what the stream says of itself; else what holds for all. */
function slaHours(
  { slaHours: given, freshnessHours }: Project['checks'],
  key: string,
  own: number | null | undefined,
): number | null {
  for (const hours of [given[key], given[key.slice(0, key.indexOf('.'))], own]) if (hours !== undefined) return hours;
  return freshnessHours;
}

/** Columns of the relation by what a stream says of its data; days are those of the project's zone. */
function reachColumns(reach: Reach, timeZone: string): InputRow {
  if ('until' in reach) return { covered_until: reach.until };
  if ('untilEndOf' in reach) return { covered_until: startOfDay(addDays(reach.untilEndOf, 1), timeZone).toISOString() };
  return { time_zone: timeZone, covered_from: reach.from, covered_to: reach.to };
}

/** Where streams without partitions stand, by `connector.stream`. */
async function positions(session: Session): Promise<Map<string, Cursor>> {
  const rows = await session.query<{ connector: string; stream: string; cursor: string }>(
    ...statement(
      state('stream_state')
        .where({ partition_key: '{}' })
        .whereNotNull('cursor')
        .select('connector', 'stream', 'cursor'),
    ),
  );
  return new Map(rows.map((row) => [`${row.connector}.${row.stream}`, JSON.parse(row.cursor) as Cursor]));
}

/** The feed that the staging model of each raw table joins. */
function feedsByTable({ models }: Pick<ModelProject, 'models'>): Map<string, string> {
  const feeds = new Map<string, string>();
  for (const { source, feeds: feed } of models) {
    if (source !== undefined && feed !== undefined) feeds.set(tableKey(source.connector, source.table), feed);
  }
  return feeds;
}

function tableKey(connector: string, table: string): string {
  return `${connector.replaceAll('-', '_')}.${table}`;
}

/** When each partition was last listed, by `connector.stream partition`. */
async function partitionsSeen(session: Session): Promise<Map<string, string>> {
  const rows = await session.query<{ connector: string; stream: string; partition_key: string; seen_at: string }>(
    ...statement(state('partitions').select('connector', 'stream', 'partition_key', 'seen_at')),
  );
  return new Map(rows.map((row) => [`${row.connector}.${row.stream} ${row.partition_key}`, row.seen_at]));
}
