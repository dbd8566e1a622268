/**
 * From a record as the platform sent it to a canonical row, or to a rejection. This is the hot path: everything that
 * depends on the stream only is worked out once.
 */
import { hash } from 'node:crypto';

import type { ColumnSchema } from '../connector/columns.ts';
import type { SourceRecord } from '../connector/contract.ts';
import { RevopsError } from '../errors.ts';
import type { LogicalType } from '../warehouse/types.ts';
import { canonicalJson, cleanText } from './canonical.ts';
import { csvText } from './csv.ts';
import { shortcutFor } from './shortcuts.ts';
import { streamLabel, type StreamShape } from './shape.ts';

export interface CanonicalRow {
  /** The columns and `_extra` as CSV fields, without line end. */
  line: string;
  /** 128 bits over the content of the row; independent of columns that are null and of the order of columns. */
  hash: string;
  /** Names of fields the schema does not name; null where there are none. */
  unknown: string[] | null;
}

export interface Rejection {
  /** Columns and what is wrong with them; never a value. */
  reason: string;
  /** The record as JSON. */
  payload: string;
  /** Its primary key as CSV fields; all empty where that does not fit either. */
  key: string;
}

/** Columns of a spooled row, before the engine's own. */
export const EXTRA = '_extra';

export interface NormaliserOptions {
  shape: StreamShape;
  schema: Record<string, ColumnSchema>;
  /** Values of the partition the records belong to. */
  partition: Readonly<Record<string, string>>;
  /** `window`: the days asked for. */
  days?: { from: string; to: string } | undefined;
}

/** Compiles the function that makes rows of one slice. */
export function compileNormaliser(options: NormaliserOptions): (record: unknown) => CanonicalRow | Rejection {
  const fields = compileFields(options);
  const known = new Set(fields.map(({ name }) => name));
  const keyFields = options.shape.primaryKey.map((name) => fields.find((field) => field.name === name) as Field);

  return (record) => {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      return { reason: 'not an object', payload: canonicalJson(record), key: keyOf(keyFields, {}) };
    }
    const given = record as Record<string, unknown>;
    let line = '';
    let content = '';
    let keyBytes = 0;
    let wrong: string[] | null = null;
    for (const field of fields) {
      const value = given[field.name];
      // Neighbours have much in common: account, campaign, day.
      if (value !== field.last || value === undefined) remember(field, value);
      const { written } = field;
      if (typeof written === 'object' && written !== null) {
        (wrong ??= []).push(written.problem);
        continue;
      }
      if (written !== null) {
        line += written;
        if (field.isContent) content += field.prefix + written;
        if (field.isKey) keyBytes += written.length - (field.quoted ? 2 : 0);
      }
      line += ',';
    }
    if (keyBytes > LONGEST_KEY) (wrong ??= []).push(`primary key: longer than ${LONGEST_KEY} characters`);
    if (wrong !== null)
      return { reason: wrong.join('; '), payload: canonicalJson(given), key: keyOf(keyFields, given) };

    const unknown = unknownFields(given, known);
    if (unknown !== null) {
      const extra = csvText(canonicalJson(Object.fromEntries(unknown.map((name) => [name, given[name]]))));
      line += extra;
      content += `${EXTRA}:${extra}`;
    }
    return { line, hash: hash('sha256', content, 'base64url').slice(0, 22), unknown };
  };
}

/** Compiles the function that rejects what is no record for a reason of the source's own. */
export function compileRejecter(options: NormaliserOptions): (reason: string, record: SourceRecord) => Rejection {
  const fields = compileFields(options);
  const keyFields = options.shape.primaryKey.map((name) => fields.find((field) => field.name === name) as Field);
  return (reason, record) => ({ reason, payload: canonicalJson(record), key: keyOf(keyFields, record) });
}

/** Compiles the function that writes the owner of a set (`Page.replaces`) as CSV fields. */
export function ownerNormaliser(
  shape: StreamShape,
  schema: Record<string, ColumnSchema>,
): (owner: Readonly<Record<string, string>>) => string {
  const fields = compileFields({ shape, schema, partition: {} }).filter(({ name }) => shape.partitionBy.includes(name));
  const ordered = shape.partitionBy.map((name) => fields.find((field) => field.name === name) as Field);
  return (owner) => {
    const values = ordered.map((field) => {
      const value = fieldValue(field, owner[field.name]);
      if (typeof value === 'string' && value !== '') return field.quoted ? csvText(value) : value;
      throw new RevopsError(
        'STREAM_CONTRACT',
        `${streamLabel(shape)}: a page replaces a set without a valid ${field.name}`,
      );
    });
    return values.join(',');
  };
}

// --- internal ---

/** Postgres cannot index a longer one. */
const LONGEST_KEY = 600;

interface Field {
  name: string;
  /** Of content, for the hash. */
  prefix: string;
  type: LogicalType;
  schema: ColumnSchema;
  isKey: boolean;
  isContent: boolean;
  quoted: boolean;
  /** The partition's value for this column. */
  partition: string | undefined;
  days: { from: string; to: string } | undefined;
  /** The value that came last, where it was no object, and what it is as a CSV field. */
  last: unknown;
  written: string | null | { problem: string };
  /** Canonical text of common, plainly valid values; null sends the value through the schema. */
  shortcut(value: unknown): string | null;
}

function compileFields({ shape, schema, partition, days }: NormaliserOptions): Field[] {
  return shape.columns.map(({ name, type }) => ({
    name,
    type,
    prefix: `${name}:`,
    schema: schema[name] as ColumnSchema,
    isKey: shape.primaryKey.includes(name),
    isContent: name !== shape.origin?.place && name !== shape.origin?.line,
    quoted: type === 'text' || type === 'json',
    partition: partition[name],
    days: name === shape.day ? days : undefined,
    shortcut: shortcutFor(type),
    last: undefined,
    written: null,
  }));
}

function remember(field: Field, given: unknown): void {
  const value = fieldValue(field, given);
  field.written = typeof value === 'string' && field.quoted ? csvText(value) : value;
  field.last = typeof given === 'object' ? undefined : given;
}

function fieldValue(field: Field, given: unknown): string | null | { problem: string } {
  if (given === undefined || given === null) {
    if (field.partition !== undefined) return field.partition;
    return field.isKey || field.days !== undefined ? { problem: `${field.name}: missing` } : null;
  }
  const value = field.shortcut(given) ?? throughSchema(field, given);
  if (typeof value === 'object') return value;
  if (field.isKey && value === '') return { problem: `${field.name}: empty` };
  if (field.partition !== undefined && value !== field.partition)
    return { problem: `${field.name}: of another partition` };
  if (field.days !== undefined && (value < field.days.from || value > field.days.to)) {
    return { problem: `${field.name}: outside the days asked for` };
  }
  return value;
}

function keyOf(fields: readonly Field[], given: Record<string, unknown>): string {
  const values = fields.map((field) => {
    const value = fieldValue(field, given[field.name]);
    return typeof value === 'string' ? (field.quoted ? csvText(value) : value) : null;
  });
  return values.map((value) => (values.includes(null) ? '' : value)).join(',');
}

function throughSchema(field: Field, given: unknown): string | { problem: string } {
  const parsed = field.schema.safeParse(given);
  if (!parsed.success) {
    const messages = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
    return { problem: `${field.name}: not a valid ${field.type}: ${messages.join(', ')}` };
  }
  if (field.type === 'json') return canonicalJson(parsed.data);
  // `-0` and `0` are one number.
  return typeof parsed.data === 'string' ? cleanText(parsed.data) : String(parsed.data);
}

function unknownFields(record: Record<string, unknown>, known: ReadonlySet<string>): string[] | null {
  let unknown: string[] | null = null;
  for (const name of Object.keys(record)) {
    if (!known.has(name) && record[name] !== undefined) (unknown ??= []).push(name);
  }
  return unknown;
}
