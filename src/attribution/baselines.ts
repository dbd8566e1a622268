/**
 * The baselines a warehouse has had: rows of revops.baselines, which are never changed.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { partDifferences, renderDifferences } from './differences.ts';
import type { Lock } from './lock.ts';

/** Oldest first; the last one is in force. None in a warehouse that has no such table yet. */
export async function readBaselines(session: Session): Promise<Lock[]> {
  if ((await session.describe({ schema: 'revops', name: 'baselines' })) === null) return [];
  const rows = await session.query<Omit<Lock, 'version' | 'parts'> & { parts: string }>(
    ...statement(
      state('baselines')
        .orderBy('baseline_number')
        .select('baseline_id', 'created_at', 'effective_from', 'reason', 'digest', 'parts'),
    ),
  );
  return rows.map((row) => ({
    version: 1,
    ...row,
    created_at: new Date(row.created_at).toISOString(),
    parts: JSON.parse(row.parts) as Record<string, string>,
  }));
}

/** Adds a baseline, after all others. Under the lease. */
export async function recordBaseline(session: Session, lock: Lock): Promise<void> {
  const { baseline_id, created_at, effective_from, reason, digest, parts } = lock;
  const number = (await readBaselines(session)).length + 1;
  await session.execute(
    ...statement(
      state('baselines').insert({
        baseline_id,
        baseline_number: number,
        digest,
        parts: JSON.stringify(parts),
        reason,
        created_at,
        effective_from,
      }),
    ),
  );
}

/** What the lock file and the warehouse say differently, for people; empty where they agree. */
export function disagreements(lock: Lock, baselines: readonly Lock[]): string[] {
  const latest = baselines.at(-1);
  if (latest === undefined) return [`the warehouse has no baseline, the lock file has ${lock.baseline_id}`];
  if (latest.baseline_id !== lock.baseline_id) {
    return [
      `the warehouse is on baseline ${latest.baseline_id} (${latest.reason}), the lock file on ${lock.baseline_id}`,
    ];
  }
  const fields = ['created_at', 'effective_from', 'reason', 'digest'] as const;
  const differing = fields
    .filter((field) => latest[field] !== lock[field])
    .map((field) => `${field} is ${String(latest[field])} in the warehouse, ${String(lock[field])} in the lock file`);
  const parts = partDifferences(latest.parts, lock.parts);
  return [...differing, ...(parts.length > 0 ? [`warehouse → lock file: ${renderDifferences(parts)}`] : [])];
}
