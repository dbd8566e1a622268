/**
 * How far every source reaches at an instant, against how far behind it may be.
 */
import { addDays, startOfDay } from '../sync/days.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement, stateVersion } from '../warehouse/state/index.ts';
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
  const loads = isPrepared ? await lastLoads(session) : new Map<string, string>();
  const rows = await coverageRows(project, { models: [] }, session);
  return rows.map((row) => {
    const text = (name: string): string | null => (typeof row[name] === 'string' ? row[name] : null);
    const source = `${text('connector')}.${text('stream')}`;
    const lastDay = text('covered_to');
    const dataTo =
      text('covered_until') ??
      (lastDay === null ? null : startOfDay(addDays(lastDay, 1), text('time_zone') ?? 'UTC').toISOString());
    const hoursBehind = dataTo === null ? null : Math.max(0, (now.getTime() - Date.parse(dataTo)) / 3_600_000);
    const allowedHours = typeof row['sla_hours'] === 'number' ? row['sla_hours'] : null;
    return {
      source,
      account: text('account_id') === '' ? null : text('account_id'),
      dataTo,
      loadedAt: loads.get(source) ?? null,
      readAt: reads.get(source) ?? null,
      hoursBehind,
      allowedHours,
      status: statusOf(hoursBehind, allowedHours),
    };
  });
}

// --- internal ---

function statusOf(hoursBehind: number | null, allowedHours: number | null): SourceFreshness['status'] {
  if (hoursBehind === null) return 'never_loaded';
  if (allowedHours === null) return 'no_promise';
  return hoursBehind > allowedHours ? 'late' : 'fresh';
}

/** When a stream's state was last written, by `connector.stream`. */
async function lastLoads(session: Session): Promise<Map<string, string>> {
  const rows = await session.query<{ connector: string; stream: string; at: string }>(
    ...statement(
      state('stream_state').groupBy('connector', 'stream').select('connector', 'stream').max({ at: 'updated_at' }),
    ),
  );
  return new Map(rows.map(({ connector, stream, at }) => [`${connector}.${stream}`, at]));
}
