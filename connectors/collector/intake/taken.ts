/**
 * What intakes have in common: ids of what came without one, and rejections.
 */
import { createHash, randomUUID } from 'node:crypto';

import type { Sending, Taken } from './request.ts';

/** The id given, else one made: the same when the same request comes again under its key, else a new one. */
export function idOf(given: unknown, { idempotencyKey, source }: Sending, index: number): string {
  if (typeof given === 'string') return given;
  if (idempotencyKey === null) return randomUUID();
  return createHash('sha256')
    .update(JSON.stringify([source, idempotencyKey, index]))
    .digest('base64url')
    .slice(0, 32);
}

/** Kept as it was sent, with the reason. What its person decided holds all the same. */
export function rejection(
  item: unknown,
  own: Record<string, unknown>,
  reason: string,
  consent: boolean | null = null,
): Taken {
  const sent = typeof item === 'object' && item !== null && !Array.isArray(item) ? item : { sent: item };
  return { entry: { record: { ...sent, ...own }, rejected: reason }, id: null, consent };
}
