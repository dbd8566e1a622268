/**
 * A row's JSON as a record: numbers with more digits than a number can hold stay text, and times have one spelling.
 */
import type { TableRow } from './contract.ts';
import { ORDER } from './select.ts';

export function readRow(json: string): TableRow {
  const { [ORDER]: _, ...row } = JSON.parse(json, LONG_NUMBER.test(json) ? keepDigits : undefined) as TableRow;
  return row;
}

/**
 * A time as warehouses and exports write it (`2026-10-01 08:00:00.123+00`, `… UTC`, without a zone: UTC) in ISO 8601;
 * what is none stays as it is, to be rejected.
 */
export function instantText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    value.trim(),
  );
  if (match === null) return value;
  const [, day, time, zone = 'Z'] = match;
  const offset = zone === 'UTC' ? 'Z' : /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone;
  return `${day}T${time}${offset}`;
}

// --- internal ---

const LONG_NUMBER = /\d[\d.]{14,}/;

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return source.replaceAll(/\D/g, '').length > 15 ? source : value;
}
