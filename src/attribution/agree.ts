/**
 * May credits be computed? Only where the project is what the lock says, and the warehouse is on that baseline.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { disagreements, readBaselines, recordBaseline } from './baselines.ts';
import type { AttributionDefinition } from './definition.ts';
import { partDifferences, renderDifferences } from './differences.ts';
import { lockName, type Lock } from './lock.ts';

/** LOCK_CHANGED, naming each part, where the project's definition is not the locked one. */
export function requireLocked(lock: Lock, definition: AttributionDefinition): void {
  if (lock.digest === definition.digest) return;
  const differences = partDifferences(lock.parts, definition.parts);
  throw new RevopsError(
    'LOCK_CHANGED',
    `the project no longer matches the attribution lock (${lockName(lock)}): ${renderDifferences(differences)}`,
    {
      hint: 'Undo the change, or begin a new baseline with `revops lock reset --reason "…"`. Readers keep the numbers they have.',
    },
  );
}

/**
 * Brings the warehouse onto the lock's baseline where it does not know it yet: a new warehouse, another one's reset, or
 * a `lock` that was killed before its row. LOCK_CHANGED where the warehouse has gone on to another. Under the lease.
 */
export async function adoptBaseline(session: Session, lock: Lock): Promise<void> {
  const baselines = await readBaselines(session);
  const latest = baselines.at(-1);
  const isKnown = baselines.some(({ baseline_id: id }) => id === lock.baseline_id);
  if (!isKnown && (latest === undefined || lock.created_at >= latest.created_at)) return recordBaseline(session, lock);
  const found = disagreements(lock, baselines);
  if (found.length > 0) {
    throw new RevopsError('LOCK_CHANGED', `the attribution lock and the warehouse disagree: ${found.join('; ')}`, {
      hint: 'Take attribution.lock.json from version control as it was when the warehouse changed; `revops lock reset --reason "…"` begins a new baseline.',
    });
  }
}
