/**
 * What has to be written so that records say what they should: field by field, against what they hold now.
 */
import type { FieldDescription, RecordFields } from '../connector/write.ts';

export interface FieldChange {
  before: string | null;
  after: string | null;
}

/** A record with the fields that differ, by name. */
export interface RecordChange {
  id: string;
  fields: Record<string, FieldChange>;
}

export interface Difference {
  changes: RecordChange[];
  /** Records that say it already. */
  unchanged: number;
  /** Ids of records that the platform no longer has. */
  gone: string[];
}

/** Compares records, in the order in which they are wanted. Values are compared as what the field holds. */
export function differenceOf(
  wanted: readonly RecordFields[],
  present: readonly RecordFields[],
  fields: ReadonlyMap<string, FieldDescription>,
): Difference {
  const held = new Map(present.map(({ id, values }) => [id, values]));
  const gone = wanted.filter(({ id }) => !held.has(id)).map(({ id }) => id);
  const there = wanted.filter(({ id }) => held.has(id));
  const changes = there.flatMap(({ id, values }): RecordChange[] => {
    const differing = Object.entries(values).flatMap(([name, after]): [string, FieldChange][] => {
      const before = held.get(id)?.[name] ?? null;
      return sameValue(fields.get(name)?.type ?? 'text', before, after) ? [] : [[name, { before, after }]];
    });
    return differing.length === 0 ? [] : [{ id, fields: Object.fromEntries(differing) }];
  });
  return { changes, unchanged: there.length - changes.length, gone };
}

/** Whether two texts are one value: `0.50` and `0.5` are one number, and an empty text is an empty field. */
export function sameValue(type: FieldDescription['type'], one: string | null, other: string | null): boolean {
  const [left, right] = [one || null, other || null];
  if (left === null || right === null) return left === right;
  if (left === right) return true;
  if (type === 'text') return false;
  const read = type === 'number' ? Number : instantOf;
  const [first, second] = [read(left), read(right)];
  return !Number.isNaN(first) && first === second;
}

// --- internal ---

/** ISO 8601, or the milliseconds that some systems write. */
function instantOf(text: string): number {
  return /^\d{11,}$/.test(text) ? Number(text) : Date.parse(text);
}
