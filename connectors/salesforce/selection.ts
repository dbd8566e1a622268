/**
 * Which fields of an object are read, and what becomes of them.
 */
import type { ColumnSchema, SourceRecord } from 'revops/connector';

import type { Field, ObjectDescription } from './describe.ts';
import type { RawRecord } from './record.ts';

/** A column of a stream and the field that fills it. A path `Campaign.Name` reaches into the record referred to. */
export interface ColumnOf {
  field: string;
  schema: ColumnSchema;
}

export function of(field: string, schema: ColumnSchema): ColumnOf {
  return { field, schema };
}

export interface Selection {
  /** What to select, without repetition. */
  paths: string[];
  /** The record of the stream for a record of the platform. */
  toRecord(raw: RawRecord): SourceRecord;
  /** Fields wanted that this user does not see. */
  unseen: string[];
  /** What fills the columns, and further fields that are named in the options: `gclid=GCLID__c`. */
  filled: string[];
}

/**
 * Columns whose fields exist, the organisation's own fields and those named in the options; the latter two under their
 * own names. Compound fields and files are left out: the parts of the former are fields themselves.
 */
export function selectionOf(
  described: ObjectDescription,
  columns: Readonly<Record<string, ColumnOf>>,
  standard: readonly string[],
  always: readonly string[],
): Selection {
  const seen = Object.entries(columns).filter(([, { field }]) => exists(described, field));
  const unseen = Object.values(columns)
    .map(({ field }) => field)
    .filter((field) => !exists(described, field));
  const taken = new Set(seen.map(([, { field }]) => field));
  const extras = [...described.fields.values()].filter(
    (field) =>
      (field.custom || standard.includes(field.name)) && !taken.has(field.name) && isReadable(described, field),
  );
  const missing = standard.filter((name) => !described.fields.has(name));
  const named = extras.map(({ name }) => name).filter((name) => standard.includes(name));
  return {
    paths: [...new Set([...always, ...taken, ...extras.map((field) => field.name)])],
    unseen: [...unseen, ...missing],
    filled: [...seen.map(([column, { field }]) => `${column}=${field}`), ...named],
    toRecord: (raw) => ({
      ...Object.fromEntries(Object.keys(columns).map((column) => [column, null])),
      ...Object.fromEntries(seen.map(([column, { field }]) => [column, valueAt(raw, field)])),
      ...Object.fromEntries(extras.map((field) => [field.name, typed(field, valueAt(raw, field.name))])),
    }),
  };
}

/** The value of a field; null where it is empty. The Bulk API has an empty text for it. */
export function valueAt(raw: RawRecord, path: string): unknown {
  const flat = raw[path];
  if (flat !== undefined) return flat === '' ? null : flat;
  const [head, ...rest] = path.split('.');
  const inner = rest.length === 0 ? undefined : raw[head ?? ''];
  return typeof inner === 'object' && inner !== null ? valueAt(inner as RawRecord, rest.join('.')) : null;
}

// --- internal ---

function exists(described: ObjectDescription, path: string): boolean {
  const [head, ...rest] = path.split('.');
  if (rest.length === 0) return described.fields.has(path);
  return [...described.fields.values()].some((field) => field.relationshipName === head);
}

function isReadable(described: ObjectDescription, field: Field): boolean {
  return !described.compound.has(field.name) && !['address', 'location', 'base64', 'complexvalue'].includes(field.type);
}

const NUMBERS = new Set(['int', 'long', 'double', 'currency', 'percent']);

/** The same value whichever API it came by, so that a row does not seem to change with it. */
function typed(field: Field, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (NUMBERS.has(field.type)) return Number(value);
  if (field.type === 'boolean') return value === 'true';
  if (field.type !== 'datetime') return value;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? value : instant.toISOString();
}
