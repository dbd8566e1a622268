/**
 * Making and replacing the lock. The file is written first, then the warehouse's row: who is killed between them finds
 * the file, and the next `lock`, `build` or `run` writes the row.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { adoptBaseline, requireLocked } from './agree.ts';
import { readBaselines, recordBaseline } from './baselines.ts';
import type { AttributionDefinition } from './definition.ts';
import { readLockFile, writeLockFile } from './lock-file.ts';
import { lockName, newLock, type Lock } from './lock.ts';

export interface LockChange {
  session: Session;
  /** Path of attribution.lock.json. */
  file: string;
  definition: AttributionDefinition;
  now: Date;
  /** Today in the project's zone. */
  today: string;
  /** Called between the file and the row; a test stops there. */
  onStep?(step: 'file written'): void;
}

/** `completed`: the file was there, the row was not. `restored`: the other way round. */
export interface LockOutcome {
  lock: Lock;
  outcome: 'created' | 'completed' | 'restored' | 'reset';
}

/** The first lock. USAGE where there is one; a file or a row that got lost is made again from the other. Under the lease. */
export async function createLock(change: LockChange, reason: string): Promise<LockOutcome> {
  const { session, file, definition } = change;
  const existing = await readLockFile(file);
  const latest = (await readBaselines(session)).at(-1);
  if (existing !== null) {
    requireLocked(existing, definition);
    if (latest?.baseline_id === existing.baseline_id) {
      throw new RevopsError('USAGE', `there is a lock already: ${lockName(existing)}`, {
        hint: '`revops lock status` shows it, `revops lock reset --reason "…"` begins a new baseline.',
      });
    }
    await adoptBaseline(session, existing);
    return { lock: existing, outcome: 'completed' };
  }
  if (latest !== undefined) {
    requireLocked(latest, definition);
    await writeLockFile(file, latest);
    return { lock: latest, outcome: 'restored' };
  }
  return { lock: await put(change, reason, null), outcome: 'created' };
}

/** A new baseline from today on. NO_LOCK where there is none to replace. Under the lease. */
export async function resetLock(change: LockChange, reason: string): Promise<LockOutcome> {
  const { session, file, definition, today } = change;
  const existing = await readLockFile(file);
  if (existing !== null) await adoptBaseline(session, existing);
  const latest = (await readBaselines(session)).at(-1);
  if (latest === undefined) {
    throw new RevopsError('NO_LOCK', 'there is no attribution lock to reset', { hint: 'Run `revops lock create`.' });
  }
  // The same reset again, after a kill: the file was written, and its row just now.
  const isRepeated =
    existing?.digest === definition.digest && existing.reason === reason && existing.effective_from === today;
  if (isRepeated) return { lock: existing, outcome: 'completed' };
  return { lock: await put(change, reason, today), outcome: 'reset' };
}

// --- internal ---

async function put(change: LockChange, reason: string, effectiveFrom: string | null): Promise<Lock> {
  const lock = newLock(change.definition, { now: change.now, effectiveFrom, reason });
  await writeLockFile(change.file, lock);
  change.onStep?.('file written');
  await recordBaseline(change.session, lock);
  return lock;
}
