/**
 * How far each partition of days is known: what the models are told about completeness.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { addDays, startOfDay } from './days.ts';
import { finalAt } from './slices.ts';

export interface SourceCoverage {
  connector: string;
  stream: string;
  /** The partition's key as canonical JSON. */
  partition_key: string;
  /** The partition's one key value where it has one (an account id); null otherwise. */
  account_id: string | null;
  time_zone: string;
  /** First day wanted and answered for; null where nothing is loaded from it on. */
  covered_from: string | null;
  /** Last day that was over when it was loaded, with no day missing since `covered_from`. */
  covered_to: string | null;
  /** Last day loaded since the platform stopped changing it, with none missing or open before it. */
  final_to: string | null;
  /** The instant up to which facts are known: the end of `covered_to` in the zone; ISO 8601. */
  covered_until: string | null;
}

/** One row per connector, stream and partition of `window` streams, in that order. */
export async function sourceCoverage(session: Session): Promise<SourceCoverage[]> {
  const partitions = await session.query<PartitionRow>(
    ...statement(
      state('partitions')
        .whereNotNull('restates')
        .select('connector', 'stream', 'partition_key', 'time_zone', 'restates', 'earliest', 'start'),
    ),
  );
  const days = await session.query<DayRow>(
    ...statement(state('intervals').select('connector', 'stream', 'partition_key', 'day', 'loaded_at')),
  );
  const loaded = new Map<string, Map<string, string>>();
  for (const row of days) {
    const key = keyOf(row);
    let known = loaded.get(key);
    if (known === undefined) loaded.set(key, (known = new Map()));
    known.set(row.day, row.loaded_at);
  }
  return partitions
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map((partition) => coverage(partition, loaded.get(keyOf(partition)) ?? new Map()));
}

// --- internal ---

interface PartitionRow {
  connector: string;
  stream: string;
  partition_key: string;
  time_zone: string | null;
  restates: number;
  earliest: string | null;
  start: string | null;
}

interface DayRow {
  connector: string;
  stream: string;
  partition_key: string;
  day: string;
  loaded_at: string;
}

function coverage(partition: PartitionRow, known: ReadonlyMap<string, string>): SourceCoverage {
  const { connector, stream, partition_key, restates, earliest, start } = partition;
  const timeZone = partition.time_zone ?? 'UTC';
  const first =
    [earliest, start]
      .filter((day) => day !== null)
      .toSorted()
      .at(-1) ?? '0001-01-01';
  const coveredTo = lastDay(first, known, (day, loadedAt) => loadedAt >= startOfDay(addDays(day, 1), timeZone));
  const finalTo = lastDay(first, known, (day, loadedAt) => loadedAt >= finalAt(day, timeZone, restates));
  const keys = Object.values(JSON.parse(partition_key) as Record<string, string>);
  return {
    connector,
    stream,
    partition_key,
    account_id: keys.length === 1 ? (keys[0] ?? null) : null,
    time_zone: timeZone,
    covered_from: coveredTo === null ? null : first,
    covered_to: coveredTo,
    final_to: finalTo,
    covered_until: coveredTo === null ? null : startOfDay(addDays(coveredTo, 1), timeZone).toISOString(),
  };
}

/** The last day from `first` on for which this one and all before it are loaded and fit. */
function lastDay(
  first: string,
  known: ReadonlyMap<string, string>,
  fits: (day: string, loadedAt: Date) => boolean,
): string | null {
  let last: string | null = null;
  for (let day = first; ; day = addDays(day, 1)) {
    const loadedAt = known.get(day);
    if (loadedAt === undefined || !fits(day, new Date(loadedAt))) return last;
    last = day;
  }
}

function keyOf({ connector, stream, partition_key }: Pick<DayRow, 'connector' | 'stream' | 'partition_key'>): string {
  return `${connector}\u0000${stream}\u0000${partition_key}`;
}
