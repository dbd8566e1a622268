/**
 * Canonical text of values, so that equal content has equal bytes: JSON with sorted keys, text without NUL characters
 * (Postgres has none) and without broken surrogate pairs (UTF-8 has none).
 */

/** Text both engines can hold: NUL and lone surrogates become U+FFFD. */
export function cleanText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\uFFFD') : whole;
}

/** JSON with keys sorted by code unit. Dates and other objects with `toJSON` give what it gives, bigints their digits. */
export function canonicalJson(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(cleanText(value));
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return JSON.stringify(String(value));
  if (typeof value !== 'object') return 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON());
  return canonicalObject(value as Record<string, unknown>);
}

// --- internal ---

function canonicalObject(value: Record<string, unknown>): string {
  const parts: string[] = [];
  for (const key of Object.keys(value).toSorted()) {
    const entry = value[key];
    if (entry !== undefined && typeof entry !== 'function') {
      parts.push(`${JSON.stringify(cleanText(key))}:${canonicalJson(entry)}`);
    }
  }
  return `{${parts.join(',')}}`;
}
