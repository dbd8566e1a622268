import { createHash } from 'node:crypto';

/** A short digest of any JSON value or text: equal for equal values, whatever the order of an object's keys. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(typeof value === 'string' ? value : stable(value))
    .digest('hex')
    .slice(0, 16);
}

// --- internal ---

function stable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
