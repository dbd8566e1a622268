/**
 * What a finished spool holds and on what state of the warehouse it rests. Written last, so a spool with a manifest is whole.
 */
import type { Cursor, Partition } from '../connector/contract.ts';

/** Where a partition of a stream stands, without its revision. */
export interface Position {
  cursor: Cursor | null;
  /** When the last read of everything that came to its end began; ISO 8601. */
  fullReadAt: string | null;
  /** When the read of everything that is under way began; ISO 8601. */
  fullStartedAt: string | null;
}

export type SpoolPart = 'rows' | 'rejected' | 'owners';

export interface Manifest {
  version: 2;
  loadId: string;
  runId: string;
  /** The warehouse it was read for. */
  warehouse: string;
  connector: string;
  stream: string;
  /** The shape of the stream it was read with. */
  digest: string;
  partition: Partition;
  /** The revision of the partition's state on which it rests; loading it makes the next one. */
  revision: number;
  /** What was asked. */
  slice: { kind: 'changes'; since: Cursor | null } | { kind: 'window'; from: string; to: string };
  /** When the read began; ISO 8601. What it says about a day is at least that new. */
  readAt: string;
  /** When it ended. */
  finishedAt: string;
  /** `changes`: where the partition stands once this is loaded. */
  next: Position | null;
  /** Every live row of the partition is in it, so what is not in it is deleted. */
  isSnapshot: boolean;
  /** Rows the source gave, deletions included. */
  read: number;
  rejected: number;
  /** Rows in each file; a part without rows has no file. */
  parts: Record<SpoolPart, number>;
  /** In bytes, at most. */
  longestLine: number;
  /** `window`: the platform's own totals for the slice, or for its days up to `controlledTo`. */
  controlTotals: Record<string, string> | null;
  controlledTo?: string;
  /** Fields that the schema does not name. */
  unknownFields: string[];
}

/** A partition's key as one text: JSON with sorted columns. */
export function partitionKey(key: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(key).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** For people: what a spool holds. */
export function sliceLabel({ partition, slice }: Pick<Manifest, 'partition' | 'slice'>): string {
  const account = partition.label === '' ? '' : `${partition.label} `;
  if (slice.kind === 'window')
    return `${account}${slice.from === slice.to ? slice.from : `${slice.from}..${slice.to}`}`;
  return `${account}${slice.since === null ? 'everything' : 'changes'}`;
}
