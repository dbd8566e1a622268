/**
 * Numbers, money and times as people read them. Grouped with `,`, decimal point: the same on every machine.
 */

/** 1234567 → `1,234,567`. */
export function count(value: number | bigint): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(value);
}

/** At most `digits` decimals, none where the number is whole. */
export function decimal(value: number, digits = 1): string {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }).format(value);
}

/** Money with its currency; cents only below 1,000. */
export function money(value: number, currency: string): string {
  const fine = Math.abs(value) < 1000;
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    ...(fine ? {} : { minimumFractionDigits: 0, maximumFractionDigits: 0 }),
  }).format(value);
}

/** 950 → `0.9 s`, 95,000 → `1 min 35 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** Rows per second. */
export function rate(rows: number, milliseconds: number): string {
  return `${count(Math.round((rows * 1000) / Math.max(1, milliseconds)))} rows/s`;
}

/** `1 stream`, `2 streams`. */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
