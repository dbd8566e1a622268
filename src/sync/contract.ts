/**
 * What a sync is asked and what it tells: `sync(options)` brings every selected stream up to date, exactly once.
 */
import type { Connector } from '../connector/contract.ts';
import type { RevopsError } from '../errors.ts';
import type { Warehouse } from '../warehouse/contract.ts';

export interface SyncOptions {
  warehouse: Warehouse;
  connectors: readonly Connector[];
  /** Folder of the spool, on a local disk: the project's `.revops/spool`. */
  spoolFolder: string;
  /** First day wanted, `YYYY-MM-DD`. */
  start: string;
  now(): Date;
  signal: AbortSignal;
  /**
   * Once it is aborted (with a RevopsError), no stream, partition, slice or part of one begins any more; what is under
   * way is finished. Streams that waited longest for a load go first then. Default: never.
   */
  enough?: AbortSignal;
  /** `connector` or `connector.stream`; empty: all. */
  select: readonly string[];
  /** Allow replacing a partition with much less than it had. Default false. */
  allowShrink?: boolean;
  /** Forget cursors and intervals of the selected streams first: read everything again. Default false. */
  full?: boolean;
  /** Streams of one connector extracted at the same time. Default 2. */
  concurrency?: number;
  /** A load is cut at the next checkpoint, or whole day, once it holds this much. Default `CHECKPOINT`. */
  checkpoint?: { rows: number; bytes: number };
  /** Reads of a slice that fails in passing: tries in all, and the first wait, doubled each time. Default 4 and 1,000 ms. */
  retry?: { attempts: number; firstWaitMs: number };
  /** A request without an answer for so long is tried again. Default 5 minutes. */
  answerWithinMs?: number;
  /** Called for every step, for progress and logs. */
  onEvent(event: SyncEvent): void;
  /** Called at the boundaries at which a kill is most telling, for drills. `stream` is `connector.stream`. */
  onStep?(step: SyncStep, stream: string): void | Promise<void>;
  runId: string;
}

/**
 * What one load holds, about: enough that its transaction costs little (from 122,880 rows on DuckDB writes them straight
 * into its file), little enough that memory stays flat and that loading goes on beside reading.
 */
export const CHECKPOINT = { rows: 125_000, bytes: 64 * 1024 * 1024 } as const;

/** Boundaries of the way of a row into the warehouse, in order. */
export type SyncStep =
  | 'tables_ready'
  | 'page_spooled'
  | 'spool_finished'
  | 'load_begun'
  | 'rows_applied'
  | 'state_written'
  | 'load_committed'
  | 'spool_removed';

export interface RowCounts {
  /** Rows the source gave. read = loaded + unchanged + rejected. */
  read: number;
  /** Rows inserted or changed. */
  loaded: number;
  unchanged: number;
  rejected: number;
  /** Rows that became tombstones. */
  deleted: number;
  /** Rows of replaced partitions that the source no longer gives; kept in history. */
  vanished: number;
}

export type SyncEvent =
  | { type: 'stream_started'; connector: string; stream: string; slices: number }
  /** `rows`: read by the stream so far, pages read again included. */
  | { type: 'rows_read'; connector: string; stream: string; rows: number }
  | { type: 'loaded'; connector: string; stream: string; loadId: string; rows: RowCounts; slice: string }
  | {
      type: 'recovered';
      connector: string;
      stream: string;
      loadId: string;
      outcome: 'loaded' | 'already_loaded' | 'outdated';
    }
  | { type: 'slice_retried'; connector: string; stream: string; slice: string; attempt: number; error: RevopsError }
  | { type: 'drift'; connector: string; stream: string; fields: string[]; message: string }
  | { type: 'note'; connector: string; stream: string; message: string }
  | { type: 'stream_finished'; connector: string; stream: string; report: StreamReport };

export interface StreamReport {
  connector: string;
  stream: string;
  /** `stopped`: quota ran out or the run was stopped; what was read is loaded, the next run goes on from there. */
  status: 'ok' | 'stopped' | 'failed';
  loads: number;
  rows: RowCounts;
  milliseconds: number;
  error?: RevopsError;
}

export interface SyncReport {
  runId: string;
  /** `partial`: some streams failed or stopped, others are up to date. */
  status: 'ok' | 'partial' | 'failed';
  streams: StreamReport[];
  /** Streams that were not asked for because they are not due yet; absent where all were. */
  waiting?: { connector: string; stream: string; dueAt: string }[];
}

/** A day of a partition that was never loaded, or not since it became final. */
export interface Gap {
  connector: string;
  stream: string;
  partition: Record<string, string>;
  from: string;
  to: string;
  reason: 'never_loaded' | 'not_final';
}
