/**
 * Which fields a cursor was read with. Following changes gives a field that is asked for now, but was not before, for
 * records that change only: all others have to be read again once.
 */
import type { Cursor } from './contract.ts';

/** The cursor, and the fields that everything up to it was read with. */
export function withFields(cursor: Cursor, fields: readonly string[]): Cursor {
  if (fields.length === 0 || typeof cursor !== 'object' || Array.isArray(cursor)) return cursor;
  return { ...cursor, fields: fields.toSorted() };
}

/** Whether one of these fields was not read yet. Fields that are gone are no reason: what was known of them would go, too. */
export function isReadWithout(cursor: Cursor, fields: readonly string[]): boolean {
  const known = typeof cursor === 'object' && !Array.isArray(cursor) ? cursor['fields'] : undefined;
  const read = new Set(Array.isArray(known) ? known : []);
  return fields.some((field) => !read.has(field));
}
