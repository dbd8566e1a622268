/**
 * Values of the platform's JSON as columns: money from micros, ids from resource names, 64-bit integers as text.
 */
export type AdsRow = { [entity: string]: { [field: string]: unknown } | undefined };

/** A field by its path, undefined where the platform left it out. */
export function field(row: AdsRow, path: string): unknown {
  let value: unknown = row;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value;
}

/** A text, number or boolean as text; undefined for anything else. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

/** Micros (64-bit, as text) as decimal text: `1230000` is `1.23`. */
export function fromMicros(micros: unknown): string | undefined {
  const written = text(micros);
  if (written === undefined) return undefined;
  const negative = written.startsWith('-');
  const digits = (negative ? written.slice(1) : written).padStart(7, '0');
  const whole = digits.slice(0, -6);
  const fraction = digits.slice(-6).replace(/0+$/, '');
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The last part of a resource name: `customers/1/adGroupAds/22~33` is `22~33`. */
export function lastPart(resourceName: unknown): string | undefined {
  return typeof resourceName === 'string' ? resourceName.slice(resourceName.lastIndexOf('/') + 1) : undefined;
}

/** A value the platform sends as a binary number, to the 6 places money has here. */
export function sixPlaces(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : Number(value).toFixed(6);
}
