/**
 * Queries in the encoding of Rest.li 2.0: structure in plain characters, everything within a value percent-encoded.
 * `URLSearchParams` would encode the structure too, which the platform refuses.
 */
export type Value = string | number | readonly Value[] | { readonly [name: string]: Value };

/** `q=analytics&accounts=List(urn%3Ali%3A…)`. `fields` is a plain list of names. */
export function queryOf(parameters: Readonly<Record<string, Value>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${name === 'fields' ? (value as readonly string[]).join(',') : encoded(value)}`)
    .join('&');
}

/** A range of days, both included. */
export function dateRange(from: string, to: string): Value {
  return { start: dateOf(from), end: dateOf(to) };
}

// --- internal ---

function encoded(value: Value): string {
  if (isList(value)) return `List(${value.map(encoded).join(',')})`;
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([name, member]) => `${plain(name)}:${encoded(member)}`);
    return `(${members.join(',')})`;
  }
  return plain(String(value));
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Also what `encodeURIComponent` leaves: parentheses and apostrophes are structure here. */
function plain(text: string): string {
  if (text === '') return "''";
  return encodeURIComponent(text).replace(/[()']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function dateOf(day: string): Value {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  return { year, month, day: date };
}
