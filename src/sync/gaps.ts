/**
 * Days that are missing or not final, from what the warehouse knows; no platform is asked.
 */
import type { Connector } from '../connector/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { Gap } from './contract.ts';
import { dayRanges, daysNeeded } from './slices.ts';
import { knownDays } from './state.ts';

export interface GapOptions {
  session: Session;
  connectors: readonly Connector[];
  /** First day wanted, `YYYY-MM-DD`. */
  start: string;
  now: Date;
}

/**
 * The gaps of every partition that was ever loaded, as ranges of days with one reason, in the order of the config. The
 * next sync fills them. A stream that never ran has no partitions yet and so no gaps.
 */
export async function findGaps({ session, connectors, start, now }: GapOptions): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (const connector of connectors) {
    for (const stream of connector.streams) {
      if (stream.mode !== 'window') continue;
      const name = { connector: connector.name, stream: stream.name };
      const query = state('partitions')
        .where(name)
        .select('partition_key', 'time_zone', 'restates', 'earliest')
        .orderBy('partition_key');
      for (const row of await session.query<PartitionRow>(...statement(query))) {
        const needed = daysNeeded({
          timeZone: row.time_zone ?? 'UTC',
          restates: row.restates ?? stream.restates,
          start,
          earliest: row.earliest ?? undefined,
          now,
          known: await knownDays(session, name, row.partition_key),
        });
        const partition = JSON.parse(row.partition_key) as Record<string, string>;
        for (const reason of ['never_loaded', 'not_final'] as const) {
          const days = needed.filter((day) => day.reason === reason).map(({ day }) => day);
          for (const range of dayRanges(days)) gaps.push({ ...name, partition, ...range, reason });
        }
      }
    }
  }
  return gaps;
}

// --- internal ---

interface PartitionRow {
  partition_key: string;
  time_zone: string | null;
  restates: number | null;
  earliest: string | null;
}
