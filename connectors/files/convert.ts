/**
 * A file's value as the column's type wants it. What could be read in two ways is a problem, not a guess.
 */
import { TZDate } from '@date-fns/tz';

import type { FeedContract } from 'revops/connector';

import type { FileSource } from './options.ts';

type Type = FeedContract['columns'][number]['type'];

/** The value, or what is wrong with it (never the value itself). */
export type Converted = { value: unknown } | { problem: string };

/** Compiles the conversion of one column. */
export function converterFor(type: Type, source: FileSource): (value: unknown) => Converted {
  if (type === 'date') return (value) => day(value, source);
  if (type === 'timestamptz') return (value) => instant(value, source);
  if (type === 'boolean') return (value) => ({ value: typeof value === 'string' ? value.trim().toLowerCase() : value });
  if (type === 'json') return json;
  if (type === 'text') return (value) => ({ value: isPlain(value) ? value : JSON.stringify(value) });
  return (value) => amount(value, source);
}

/** The same for a column that has a list of all its values. */
export function withinValues(
  values: readonly string[] | undefined,
  convert: (value: unknown) => Converted,
): (value: unknown) => Converted {
  if (values === undefined) return convert;
  return (given) => {
    const converted = convert(given);
    if ('problem' in converted || values.includes(String(converted.value))) return converted;
    return { problem: `is none of ${values.join(', ')}` };
  };
}

// --- internal ---

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function amount(value: unknown, { decimal }: FileSource): Converted {
  if (typeof value !== 'string') return { value };
  const written = value.trim();
  if (decimal === '.') {
    if (!written.includes(',')) return { value: written };
    return { problem: "has a comma: write 1234.56, or set decimal: ','" };
  }
  if (!/^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$/.test(written))
    return { problem: 'is no number like 1.234,56 or 1234,56' };
  return { value: written.replaceAll('.', '').replace(',', '.') };
}

function json(value: unknown): Converted {
  if (typeof value !== 'string') return { value };
  try {
    return { value: JSON.parse(value) as unknown };
  } catch {
    return { problem: 'is no JSON' };
  }
}

const DATES: Record<FileSource['dates'], { pattern: RegExp; iso: string }> = {
  'YYYY-MM-DD': { pattern: /^(\d{4}-\d{2}-\d{2})/, iso: '$1' },
  'DD.MM.YYYY': { pattern: /^(\d{2})\.(\d{2})\.(\d{4})/, iso: '$3-$2-$1' },
  'DD/MM/YYYY': { pattern: /^(\d{2})\/(\d{2})\/(\d{4})/, iso: '$3-$2-$1' },
  'MM/DD/YYYY': { pattern: /^(\d{2})\/(\d{2})\/(\d{4})/, iso: '$3-$1-$2' },
};

/** The text with its date written as ISO; null where it does not begin with one in the file's form. */
function withIsoDate(written: string, { dates }: FileSource): string | null {
  const { pattern, iso } = DATES[dates];
  return pattern.test(written) ? written.replace(pattern, iso) : null;
}

function day(value: unknown, source: FileSource): Converted {
  const written = String(value).trim();
  const iso = withIsoDate(written, source);
  if (iso?.length !== 10) return { problem: `is no day as ${source.dates}; set dates if it is written otherwise` };
  return { value: iso };
}

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?$/;

function instant(value: unknown, source: FileSource): Converted {
  const written = String(value).trim();
  if (/^-?\d+(\.\d+)?$/.test(written)) return { problem: 'is a number, which does not tell its unit: write ISO 8601' };
  const iso = withIsoDate(written, source);
  if (iso === null)
    return { problem: `does not begin with a day as ${source.dates}; set dates if it is written otherwise` };
  const parts = LOCAL.exec(iso);
  // Those with an offset are the schema's to check.
  if (parts === null) return { value: canonical(iso) };
  if (source.timeZone === undefined) return { problem: 'has no offset: write one (Z, +01:00), or set timeZone' };
  return local(parts, source.timeZone);
}

/** One spelling per instant, so that the same one is the same key. */
function canonical(iso: string): string {
  const milliseconds = Date.parse(iso.replace(' ', 'T'));
  return Number.isNaN(milliseconds) || /\.\d{4,}/.test(iso) ? iso : new Date(milliseconds).toISOString();
}

/** A local time; where clocks are set back, the earlier of the two instants. One that never was is a problem. */
function local(parts: RegExpExecArray, timeZone: string): Converted {
  const [year, month, date, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fraction = (parts[7] ?? '').padEnd(6, '0').slice(0, 6);
  const at = new TZDate(year, month - 1, date, hour, minute, second, Number(fraction.slice(0, 3)), timeZone);
  const isThere =
    at.getFullYear() === year &&
    at.getMonth() === month - 1 &&
    at.getDate() === date &&
    at.getHours() === hour &&
    at.getMinutes() === minute &&
    at.getSeconds() === second;
  if (!isThere) return { problem: `is no time in ${timeZone}` };
  const utc = new Date(earliest(at, timeZone)).toISOString();
  return { value: fraction.slice(3) === '000' ? utc : utc.replace('Z', `${fraction.slice(3)}Z`) };
}

function earliest(at: TZDate, timeZone: string): number {
  const before = new TZDate(at.getTime() - 3_600_000, timeZone);
  return before.getHours() === at.getHours() && before.getMinutes() === at.getMinutes()
    ? before.getTime()
    : at.getTime();
}
