/**
 * The column types a stream's schema is written with: zod schemas that accept what platforms send for the type and give
 * its canonical form, tagged with the logical column type.
 */
import { z } from 'zod';

import type { LogicalType } from '../warehouse/types.ts';

const COLUMN = Symbol('column');

/** A zod schema that knows its column type. */
export type ColumnSchema = z.ZodType & { [COLUMN]?: LogicalType };

/**
 * Text, kept verbatim. Numbers are accepted and written out (ids are always text), whole numbers beyond 2^53 are not:
 * their last digits are already lost.
 */
export function text(): ColumnSchema {
  return tagged(
    'text',
    z.union(
      [z.string(), exactNumber().transform(String), z.bigint().transform(String), z.boolean().transform(String)],
      { error: 'expected text, or a number that has lost no digit' },
    ),
  );
}

/** A whole number within 64 bits; platforms send it as a number or as text. Gives text, so that no digit is lost. */
export function bigint(): ColumnSchema {
  return tagged(
    'bigint',
    z.union([z.string(), exactNumber(), z.bigint()], { error: WHOLE }).transform((value, context) => {
      const digits = String(value).trim();
      if (/^-?\d{1,19}$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits)) {
        return String(BigInt(digits));
      }
      context.addIssue({ code: 'custom', message: WHOLE });
      return z.NEVER;
    }),
  );
}

/** A floating point number. Never for money. */
export function double(): ColumnSchema {
  return tagged(
    'double',
    z
      .union([z.number(), z.string().regex(/\S/).transform(Number)], { error: 'expected a number' })
      .pipe(z.number({ error: 'expected a number' })),
  );
}

/**
 * Money and other exact decimals: up to 29 digits before the point and 9 after. Gives plain decimal text. A number
 * (not text) is binary already, so it is rounded to 9 places; text with more is refused.
 */
export function decimal(): ColumnSchema {
  return tagged(
    'decimal(38,9)',
    z.union([z.string(), z.number(), z.bigint()]).transform((value, context) => {
      const written = plainDecimal(typeof value === 'number' ? rounded(value) : String(value).trim());
      if (written !== null) return written;
      context.addIssue({ code: 'custom', message: 'expected a decimal number with at most 9 decimal places' });
      return z.NEVER;
    }),
  );
}

/** True or false; `"true"`, `"false"` as text are accepted. */
export function boolean(): ColumnSchema {
  return tagged('boolean', z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')]));
}

/** A calendar day `YYYY-MM-DD` from the year 1 on, in whatever zone the platform means; never shifted. */
export function date(): ColumnSchema {
  return tagged(
    'date',
    z.iso.date().refine((day) => !day.startsWith('0000'), { error: 'there is no year 0' }),
  );
}

/** An instant: ISO 8601 text with an offset, a Date, or epoch milliseconds as a number or text. Gives ISO 8601 in UTC. */
export function timestamp(): ColumnSchema {
  return tagged(
    'timestamptz',
    z.union([z.string(), z.number(), z.date()]).transform((value, context) => {
      const instant = isoInstant(value);
      if (instant !== null) return instant;
      context.addIssue({
        code: 'custom',
        message: 'expected an instant with its offset (ISO 8601) or epoch milliseconds',
      });
      return z.NEVER;
    }),
  );
}

/** Any JSON value. */
export function json(): ColumnSchema {
  return tagged('json', z.json());
}

/** The schema of a column of this logical type: integers as 64 bits, decimals with all digits raw tables keep. */
export function ofType(type: LogicalType): ColumnSchema {
  switch (type) {
    case 'text':
      return text();
    case 'integer':
    case 'bigint':
      return bigint();
    case 'double':
      return double();
    case 'boolean':
      return boolean();
    case 'date':
      return date();
    case 'timestamptz':
      return timestamp();
    case 'json':
      return json();
    default:
      return decimal();
  }
}

/** The logical type of a column schema; null for a zod schema that was not made here. */
export function columnType(schema: z.ZodType): LogicalType | null {
  return (schema as ColumnSchema)[COLUMN] ?? null;
}

// --- internal ---

function tagged(type: LogicalType, schema: z.ZodType): ColumnSchema {
  return Object.assign(schema, { [COLUMN]: type });
}

const WHOLE = 'expected a whole number of at most 64 bits; beyond 2^53 it must come as text';

function exactNumber(): z.ZodNumber {
  return z.number().refine((value) => !Number.isInteger(value) || Number.isSafeInteger(value));
}

function rounded(value: number): string {
  return Math.abs(value) < 1e21 ? value.toFixed(9) : String(value);
}

function plainDecimal(written: string): string | null {
  const match = /^([+-]?)(\d+|(?=\.\d))(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(written);
  if (match === null) return null;
  const sign = match[1] === '-' ? '-' : '';
  const exponent = Number(match[4] ?? 0);
  const fractionGiven = match[3] ?? '';
  let digits = match[2] + fractionGiven;
  let point = (match[2] as string).length + exponent;
  if (point < 0) {
    digits = '0'.repeat(-point) + digits;
    point = 0;
  }
  digits = digits.padEnd(point, '0');
  const whole = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0';
  const fraction = digits.slice(point).replace(/0+$/, '');
  if (whole.length > 29 || fraction.length > 9) return null;
  const plain = fraction === '' ? whole : `${whole}.${fraction}`;
  return plain === '0' ? '0' : sign + plain;
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

function isoInstant(value: string | number | Date): string | null {
  if (typeof value === 'number' || value instanceof Date) return fromMilliseconds(Number(value));
  const written = value.trim();
  if (/^-?\d{10,14}$/.test(written)) return fromMilliseconds(Number(written));
  const day = INSTANT.exec(written)?.[1];
  if (day === undefined || !z.iso.date().safeParse(day).success) return null;
  const milliseconds = Date.parse(written.replace(' ', 'T'));
  if (Number.isNaN(milliseconds)) return null;
  const micros = /\.\d{3}(\d{1,3})/.exec(written)?.[1]?.padEnd(3, '0') ?? '000';
  const iso = fromMilliseconds(milliseconds);
  return iso === null ? null : iso.replace('Z', `${micros}Z`).replace(/0{3}Z$/, 'Z');
}

function fromMilliseconds(milliseconds: number): string | null {
  const instant = new Date(milliseconds);
  return Number.isNaN(instant.getTime()) || instant.getUTCFullYear() > 9999 || instant.getUTCFullYear() < 1
    ? null
    : instant.toISOString();
}
