/**
 * Canonical text of the values platforms usually send, without going through zod. A shortcut answers only where the
 * column's schema gives the same text (a test holds the two together); null means: ask the schema.
 */
import type { LogicalType } from '../warehouse/types.ts';
import { cleanText } from './canonical.ts';

/** The shortcut for a column type. */
export function shortcutFor(type: LogicalType): (value: unknown) => string | null {
  switch (type) {
    case 'text':
      return (value) => (typeof value === 'string' ? cleanText(value) : null);
    case 'bigint':
      return wholeNumber;
    case 'double':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : null);
    case 'boolean':
      return (value) => (value === true ? 'true' : value === false ? 'false' : null);
    case 'date':
      return rememberedDay();
    case 'timestamptz':
      return utcMilliseconds();
    default:
      return type.startsWith('decimal') ? plainDecimal : () => null;
  }
}

// --- internal ---

const WHOLE = /^(?:0|-?[1-9]\d{0,17})$/;
const DECIMAL = /^(?:0|[1-9]\d{0,17})(?:\.\d{1,9})?$/;
const UTC_TIME = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const ZERO = 0x30;
const DAY = /^\d{4}-\d\d-\d\d$/;

function wholeNumber(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? value : null;
}

function plainDecimal(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  // Bigger broken numbers have digits of their own after rounding to nine places.
  if (typeof value === 'number' && !Number.isSafeInteger(value) && value >= 100_000) return null;
  const written = String(value);
  return DECIMAL.test(written) ? withoutTrailingZeros(written) : null;
}

function withoutTrailingZeros(written: string): string {
  const point = written.indexOf('.');
  if (point === -1) return written;
  let end = written.length;
  while (written.charCodeAt(end - 1) === ZERO) end -= 1;
  return written.slice(0, end - 1 === point ? point : end);
}

/** Days repeat from row to row, so a valid one is remembered. */
function rememberedDay(): (value: unknown) => string | null {
  const valid = new Set<string>();
  return (value) => {
    if (typeof value !== 'string') return null;
    if (valid.has(value)) return value;
    if (!DAY.test(value) || value.startsWith('0000')) return null;
    const instant = new Date(`${value}T00:00:00Z`);
    if (Number.isNaN(instant.getTime()) || instant.toISOString().slice(0, 10) !== value) return null;
    if (valid.size < 5_000) valid.add(value);
    return value;
  };
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`, the form dates have in JavaScript, is canonical already. */
function utcMilliseconds(): (value: unknown) => string | null {
  const day = rememberedDay();
  return (value) => {
    if (typeof value !== 'string' || value.length !== 24) return null;
    return day(value.slice(0, 10)) !== null && UTC_TIME.test(value.slice(10)) ? value : null;
  };
}
