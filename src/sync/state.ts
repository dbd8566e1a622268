/**
 * Where streams stand, on the state tables of the warehouse. Everything here is keyed by stream and partition.
 */
import type { Cursor, Partition } from '../connector/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { RowCounts } from './contract.ts';
import { partitionKey, type Manifest, type Position } from './manifest.ts';
import type { StreamShape } from './shape.ts';

export { warehouseId } from '../warehouse/state/index.ts';

export interface PartitionState {
  /** Loads so far, resets included: what a spool rests on. */
  revision: number;
  position: Position;
}

type StreamName = Pick<StreamShape, 'connector' | 'stream'>;

/** Where a partition stands; revision 0 where it was never loaded. */
export async function readState(session: Session, stream: StreamName, partition: string): Promise<PartitionState> {
  const query = state('stream_state')
    .where(whose(stream, partition))
    .select('revision', 'cursor', 'full_read_at', 'full_started_at');
  const [row] = await session.query<StateRow>(...statement(query));
  if (row === undefined) return { revision: 0, position: { cursor: null, fullReadAt: null, fullStartedAt: null } };
  return {
    revision: row.revision,
    position: {
      cursor: row.cursor === null ? null : (JSON.parse(row.cursor) as Cursor),
      fullReadAt: row.full_read_at,
      fullStartedAt: row.full_started_at,
    },
  };
}

/** Moves a partition to the position after a load. */
export async function writeState(session: Session, stream: StreamName, manifest: Manifest, at: string): Promise<void> {
  const { partition, next, revision, loadId } = manifest;
  const owner = whose(stream, partitionKey(partition.key));
  const position = {
    cursor: next === null || next.cursor === null ? null : JSON.stringify(next.cursor),
    full_read_at: next?.fullReadAt ?? null,
    full_started_at: next?.fullStartedAt ?? null,
  };
  const values = { ...position, revision: revision + 1, updated_at: at, load_id: loadId };
  const query = state('stream_state');
  const isNew = revision === 0;
  await session.execute(
    ...statement(isNew ? query.insert({ ...owner, ...values }) : query.where(owner).update(values)),
  );
}

/** Notes what a partition is, for gaps and coverage. `restates` is the stream's own; null where it has no days. */
export async function writePartition(
  session: Session,
  stream: StreamName,
  partition: Partition,
  restates: number | null,
  start: string,
  at: string,
): Promise<void> {
  const owner = whose(stream, partitionKey(partition.key));
  const values = {
    label: partition.label,
    time_zone: partition.timeZone ?? null,
    restates: partition.restates ?? restates,
    earliest: partition.earliest ?? null,
    start,
    seen_at: at,
  };
  const known = await session.execute(...statement(state('partitions').where(owner).update(values)));
  if (known === 0) await session.execute(...statement(state('partitions').insert({ ...owner, ...values })));
}

/** The loaded days of a partition, and when the read that gave them began. */
export async function knownDays(session: Session, stream: StreamName, partition: string): Promise<Map<string, string>> {
  const query = state('intervals').where(whose(stream, partition)).select('day', 'loaded_at');
  const rows = await session.query<{ day: string; loaded_at: string }>(...statement(query));
  return new Map(rows.map(({ day, loaded_at }) => [day, loaded_at]));
}

/** Records days as loaded by a load. */
export async function writeDays(
  session: Session,
  stream: StreamName,
  manifest: Manifest,
  days: readonly { day: string; rows: number }[],
): Promise<void> {
  const owner = whose(stream, partitionKey(manifest.partition.key));
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return;
  await session.execute(
    ...statement(state('intervals').where(owner).whereBetween('day', [first.day, last.day]).delete()),
  );
  const rows = days.map(({ day, rows: row_count }) => ({
    ...owner,
    day,
    loaded_at: manifest.readAt,
    load_id: manifest.loadId,
    row_count,
  }));
  await session.execute(...statement(state('intervals').insert(rows)));
}

/** Whether a load was committed. */
export async function isLoaded(session: Session, loadId: string): Promise<boolean> {
  const rows = await session.query(...statement(state('loads').where({ load_id: loadId }).select('load_id')));
  return rows.length > 0;
}

/** The audit row of a load. */
export async function writeLoad(
  session: Session,
  shape: StreamShape,
  manifest: Manifest,
  rows: RowCounts,
  slice: string,
  at: string,
): Promise<void> {
  const [last] = await session.query<{ last: number | null }>(
    ...statement(state('loads').max({ last: 'load_number' })),
  );
  const before = manifest.slice.kind === 'changes' ? manifest.slice.since : null;
  const row = {
    load_id: manifest.loadId,
    load_number: (last?.last ?? 0) + 1,
    run_id: manifest.runId,
    ...whose(shape, partitionKey(manifest.partition.key)),
    slice,
    mode: shape.mode,
    started_at: manifest.readAt,
    extracted_at: manifest.finishedAt,
    committed_at: at,
    rows_read: rows.read,
    rows_loaded: rows.loaded,
    rows_unchanged: rows.unchanged,
    rows_rejected: rows.rejected,
    rows_deleted: rows.deleted,
    rows_vanished: rows.vanished,
    cursor_before: before === null ? null : JSON.stringify(before),
    cursor_after: manifest.next === null || manifest.next.cursor === null ? null : JSON.stringify(manifest.next.cursor),
    control: manifest.controlTotals === null ? null : JSON.stringify(manifest.controlTotals),
    requests: null,
  };
  await session.execute(...statement(state('loads').insert(row)));
}

/** Forgets where the partitions of a stream stand, so that everything is read again. Spools read before are outdated. */
export async function resetStream(session: Session, connector: string, stream: string): Promise<void> {
  const owner = { connector, stream };
  const forgotten = { cursor: null, full_read_at: null, full_started_at: null };
  await session.execute(...statement(state('intervals').where(owner).delete()));
  await session.execute(...statement(state('kept_values').where(owner).delete()));
  await session.execute(...statement(state('stream_state').where(owner).update(forgotten).increment('revision', 1)));
}

// --- internal ---

interface StateRow {
  revision: number;
  cursor: string | null;
  full_read_at: string | null;
  full_started_at: string | null;
}

function whose({ connector, stream }: StreamName, partition: string): Record<string, string> {
  return { connector, stream, partition_key: partition };
}
