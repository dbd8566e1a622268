/**
 * Where a stream stands: reading everything, newest first, or following the log of events.
 */
import { type Cursor, RevopsError } from 'revops/connector';

/** The last object that was read: pages begin behind it, or at its time if it is deleted by then. */
export interface Place {
  after: string;
  /** Seconds. */
  created: number;
}

export type Position =
  | { kind: 'start' }
  | { kind: 'everything'; startedAt: Date; place: Place }
  | { kind: 'changes'; since: Date };

export function everythingCursor(startedAt: Date, { after, created }: Place): Cursor {
  return { everything: { started_at: startedAt.toISOString(), after, created } };
}

export function changesCursor(since: Date): Cursor {
  return { since: since.toISOString() };
}

export function positionOf(cursor: Cursor | null): Position {
  if (cursor === null) return { kind: 'start' };
  const everything = part(cursor, 'everything');
  if (everything === undefined) return { kind: 'changes', since: instant(part(cursor, 'since')) };
  const after = part(everything, 'after');
  const created = part(everything, 'created');
  if (typeof after !== 'string' || typeof created !== 'number') return unreadable(everything);
  return { kind: 'everything', startedAt: instant(part(everything, 'started_at')), place: { after, created } };
}

// --- internal ---

function part(cursor: unknown, name: string): unknown {
  return typeof cursor === 'object' && cursor !== null ? (cursor as Record<string, unknown>)[name] : undefined;
}

function instant(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? unreadable(value) : date;
}

function unreadable(value: unknown): never {
  throw new RevopsError('STREAM_CONTRACT', `stripe: the stored cursor cannot be read: ${JSON.stringify(value)}`, {
    hint: 'Read the stream from the beginning with `revops sync --full`.',
  });
}
