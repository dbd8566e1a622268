/**
 * Attribution: the lock on what changes credit, and the baselines it has had.
 */
export { adoptBaseline, requireLocked } from './agree.ts';
export { disagreements, readBaselines } from './baselines.ts';
export { changedCredits } from './changed-credits.ts';
export { createLock, resetLock, type LockChange, type LockOutcome } from './change.ts';
export { creditsAt, creditsKnownNow, lastBuildAt, type ShownBuild } from './credits-at.ts';
export { attributionDefinition, type AttributionDefinition } from './definition.ts';
export { partDifferences, type PartDifference } from './differences.ts';
export { LOCK_FILE, readLockFile } from './lock-file.ts';
export { lockName, type Lock } from './lock.ts';
