/**
 * Where a stream stands: following changes up to the last stamp seen, or in the middle of that.
 */
import { type Cursor, RevopsError } from 'revops/connector';

/** The place behind a record, in the order of stamps and ids. */
export interface Place {
  stamp: Date;
  id: string;
}

/** Records stamped from `from` (null: from the beginning) and before `until`. */
export interface Stretch {
  from: Date | null;
  until: Date | null;
  after: Place | null;
}

export type Position =
  | { kind: 'start' }
  | { kind: 'seen'; upTo: Date }
  | { kind: 'middle'; stretch: Stretch & { after: Place } };

/** All is read up to the newest stamp seen. */
export function seenCursor(upTo: Date): Cursor {
  return { seen: upTo.toISOString() };
}

/** A stretch is read up to a place. */
export function middleCursor(stretch: Stretch, after: Place): Cursor {
  return {
    from: stretch.from?.toISOString() ?? null,
    until: stretch.until?.toISOString() ?? null,
    after: { stamp: after.stamp.toISOString(), id: after.id },
  };
}

export function positionOf(cursor: Cursor | null): Position {
  if (cursor === null) return { kind: 'start' };
  const seen = part(cursor, 'seen');
  if (seen !== undefined) return { kind: 'seen', upTo: instant(seen) };
  const after = part(cursor, 'after');
  const id = part(after, 'id');
  if (typeof id !== 'string') return unreadable(cursor);
  return {
    kind: 'middle',
    stretch: {
      from: instantOrNull(part(cursor, 'from')),
      until: instantOrNull(part(cursor, 'until')),
      after: { stamp: instant(part(after, 'stamp')), id },
    },
  };
}

// --- internal ---

function part(cursor: unknown, name: string): unknown {
  return typeof cursor === 'object' && cursor !== null ? (cursor as Record<string, unknown>)[name] : undefined;
}

function instantOrNull(value: unknown): Date | null {
  return value === null ? null : instant(value);
}

function instant(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? unreadable(value) : date;
}

function unreadable(value: unknown): never {
  throw new RevopsError('STREAM_CONTRACT', `salesforce: the stored cursor cannot be read: ${JSON.stringify(value)}`, {
    hint: 'Read the stream from the beginning with `revops sync --full`.',
  });
}
