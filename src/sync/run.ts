/**
 * What the parts of one run share.
 */
import type { Connection, ReadContext, Stream } from '../connector/contract.ts';
import type { RowCounts, StreamReport, SyncOptions } from './contract.ts';
import type { StreamShape } from './shape.ts';

export interface Run {
  options: SyncOptions;
  /** Identity of the warehouse, kept in it. */
  warehouseId: string;
  /** Where this warehouse's spools are. */
  folder: string;
  /** Runs one load at a time. */
  load<T>(work: () => Promise<T>): Promise<T>;
}

/** One stream of an open connection, and what became of it so far. */
export interface StreamRun {
  run: Run;
  connection: Connection;
  stream: Stream<unknown>;
  shape: StreamShape;
  /** Aborted when the run, or this connector, has to stop. */
  signal: AbortSignal;
  context: ReadContext<unknown>;
  rows: RowCounts;
  rowsRead: number;
  loads: number;
  unknownFields: Set<string>;
}

export const NO_ROWS: RowCounts = { read: 0, loaded: 0, unchanged: 0, rejected: 0, deleted: 0, vanished: 0 };

/** Adds a load's rows to a total. */
export function addRows(total: RowCounts, more: RowCounts): RowCounts {
  return {
    read: total.read + more.read,
    loaded: total.loaded + more.loaded,
    unchanged: total.unchanged + more.unchanged,
    rejected: total.rejected + more.rejected,
    deleted: total.deleted + more.deleted,
    vanished: total.vanished + more.vanished,
  };
}

/** `ok` where every stream is, `failed` where every one failed, else `partial`. */
export function overallStatus(streams: readonly StreamReport[]): 'ok' | 'partial' | 'failed' {
  if (streams.every(({ status }) => status === 'ok')) return 'ok';
  return streams.every(({ status }) => status === 'failed') ? 'failed' : 'partial';
}
