/**
 * Where a stream stands: for each list it reads, the newest time of change seen; and the custom fields that fill columns.
 */
import { type Cursor, RevopsError } from 'revops/connector';

/** By list; a list that was not reached yet is absent. */
export type Places = Readonly<Record<string, Date>>;

export function cursorOf(places: Places): Cursor {
  return Object.fromEntries(Object.entries(places).map(([list, seen]) => [list, seen.toISOString()]));
}

export function placesOf(cursor: Cursor | null): Places {
  if (cursor === null) return {};
  if (typeof cursor !== 'object' || Array.isArray(cursor)) return unreadable(cursor);
  const { fields: _, ...lists } = cursor;
  return Object.fromEntries(Object.entries(lists).map(([list, seen]) => [list, instant(seen)]));
}

// --- internal ---

function instant(value: unknown): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? unreadable(value) : date;
}

function unreadable(value: unknown): never {
  throw new RevopsError('STREAM_CONTRACT', `pipedrive: the stored cursor cannot be read: ${JSON.stringify(value)}`, {
    hint: 'Read the stream from the beginning with `revops sync --full`.',
  });
}
