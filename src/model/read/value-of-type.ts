import { decimalParts, type LogicalType } from '../../warehouse/types.ts';

/**
 * Whether a text can be a value of a type. What only one of the engines takes is left to it: this finds what none does, so
 * that a list's file and line can be told.
 */
export function isOfType(value: string, type: LogicalType): boolean {
  const parts = decimalParts(type);
  if (parts !== null) return NUMBER.test(value) && Math.abs(Number(value)) < 10 ** (parts.precision - parts.scale);
  return OF_TYPE[type]?.(value.trim()) ?? true;
}

// --- internal ---

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

const OF_TYPE: Partial<Record<LogicalType, (value: string) => boolean>> = {
  integer: (value) => NUMBER.test(value) && Math.abs(Number(value)) <= 2 ** 31,
  bigint: (value) => NUMBER.test(value) && Math.abs(Number(value)) <= 2 ** 63,
  double: (value) => NUMBER.test(value) || /^[+-]?(nan|inf|infinity)$/i.test(value),
  boolean: (value) => /^(t|true|y|yes|on|1|f|false|n|no|off|0)$/i.test(value),
  date: beginsWithDay,
  timestamptz: beginsWithDay,
  json: isJson,
};

/** `2026-01-31`, with or without a time behind it. */
function beginsWithDay(value: string): boolean {
  const [, year, month, day] = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$/.exec(value)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  const read = new Date(Date.UTC(year, month - 1, day));
  return read.getUTCMonth() === month - 1 && read.getUTCDate() === day;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
