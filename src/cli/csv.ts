/**
 * Comma-separated values as RFC 4180 has them.
 */
import type { ResultValue } from '../warehouse/types.ts';

/** One line without its line break. NULL is an empty field, an empty text is `""`. */
export function csvLine(values: readonly (ResultValue | undefined)[]): string {
  return values.map(field).join(',');
}

/** A value as text: what tables and CSV show. NULL gives an empty text. */
export function shown(value: ResultValue | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

// --- internal ---

function field(value: ResultValue | undefined): string {
  if (value === '') return '""';
  const text = shown(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
