/**
 * The lock: one baseline, the definition it holds, and since when.
 */
import { createHash } from 'node:crypto';

import type { AttributionDefinition } from './definition.ts';

/** As in attribution.lock.json, and as a row of revops.baselines. */
export interface Lock {
  version: 1;
  /** Eight characters that follow from digest and created_at. */
  baseline_id: string;
  /** ISO 8601 UTC. */
  created_at: string;
  /** First day of the baseline in the project's zone; null for a project's first: it holds for all of the past. */
  effective_from: string | null;
  reason: string;
  digest: string;
  parts: Record<string, string>;
}

export function newLock(
  { parts, digest }: AttributionDefinition,
  { now, effectiveFrom, reason }: { now: Date; effectiveFrom: string | null; reason: string },
): Lock {
  const createdAt = now.toISOString();
  return {
    version: 1,
    baseline_id: baselineIdOf(digest, createdAt),
    created_at: createdAt,
    effective_from: effectiveFrom,
    reason,
    digest,
    parts,
  };
}

export function baselineIdOf(digest: string, createdAt: string): string {
  return createHash('sha256').update(`${digest} ${createdAt}`).digest('hex').slice(0, 8);
}

/** For messages: `baseline 1f0c9a2b of 2026-10-31`. */
export function lockName({ baseline_id: id, created_at: at }: Lock): string {
  return `baseline ${id} of ${at.slice(0, 10)}`;
}
