/**
 * Values of the API as columns take them.
 */

/** A time in seconds as an instant. */
export function instant(seconds: number | null | undefined): string | null {
  return seconds === null || seconds === undefined ? null : new Date(seconds * 1000).toISOString();
}

/** The id of what is given as an id or, expanded, as an object. */
export function idOf(value: string | { id: string } | null | undefined): string | null {
  return typeof value === 'object' && value !== null ? value.id : (value ?? null);
}
