/**
 * Marginal CAC is given only under an attribution lock, and only where the numbers were built under it.
 */
import type { Lock } from '../attribution/index.ts';
import { RevopsError } from '../errors.ts';
import { readLock } from '../project/attribution.ts';
import type { Project } from '../project/load.ts';
import type { AnswerRow } from './cac-view.ts';

/** The project's lock. NO_LOCK where there is none. */
export async function requireLock(project: Project): Promise<Lock> {
  const lock = await readLock(project);
  if (lock !== null) return lock;
  throw new RevopsError('NO_LOCK', 'no marginal CAC without an attribution lock: attribution.lock.json is missing', {
    hint: 'Run `revops lock create`, then `revops build`. `revops cac --average` gives average CAC without it.',
  });
}

/** NO_LOCK where the last build was not made under the lock. */
export function requireLockedRows({ baseline_id: locked }: Lock, rows: readonly AnswerRow[]): void {
  const built = rows.find(({ baseline_id: id }) => id !== locked)?.baseline_id;
  if (built === undefined) return;
  const found = built === null ? 'without a lock' : `under baseline ${built}`;
  throw new RevopsError('NO_LOCK', `the numbers were built ${found}, the lock is baseline ${locked}`, {
    hint: 'Run `revops build`. `revops cac --average` gives average CAC as it is.',
  });
}
