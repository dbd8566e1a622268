/**
 * Who sends: the name of the write key, however the sender's library writes it.
 */
import { createHash } from 'node:crypto';

import type { Secret } from 'revops/connector';

/** Compiles the look-up of a key's name; keys are compared by their digests, so that time tells nothing about them. */
export function keyNames(writeKeys: Readonly<Record<string, Secret>>): (key: string | null) => string | null {
  const names = new Map(Object.entries(writeKeys).map(([name, secret]) => [digestOf(secret.reveal()), name]));
  return (key) => (key === null ? null : (names.get(digestOf(key)) ?? null));
}

/** The key of an Authorization header: `Bearer <key>`, or `Basic` with the key as the user. */
export function keyInHeader(header: string | undefined): string | null {
  const [, scheme = '', value = ''] = /^(bearer|basic) +(\S+)$/i.exec(header ?? '') ?? [];
  if (scheme === '') return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  return Buffer.from(value, 'base64').toString('utf8').split(':')[0] ?? null;
}

// --- internal ---

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
