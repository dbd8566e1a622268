/**
 * A project's attribution lock: where it is, and what the project defines now.
 */
import { join } from 'node:path';

import {
  adoptBaseline,
  attributionDefinition,
  LOCK_FILE,
  readBaselines,
  readLockFile,
  requireLocked,
  type AttributionDefinition,
  type Lock,
} from '../attribution/index.ts';
import type { CompiledProject } from '../model/relation.ts';
import type { Session } from '../warehouse/contract.ts';
import { identityParts } from './identity.ts';
import type { Project } from './load.ts';

/** Path of attribution.lock.json: beside the config. */
export function lockFile(project: Project): string {
  return join(project.folder, LOCK_FILE);
}

/** The project's lock; null where it has none. LOCK_CHANGED where the file was edited by hand. */
export function readLock(project: Project): Promise<Lock | null> {
  return readLockFile(lockFile(project));
}

/** What the project's config, models and lists define now. */
export function projectDefinition(project: Project, compiled: CompiledProject): AttributionDefinition {
  const { attribution } = project;
  return attributionDefinition(compiled, {
    primaryModel: attribution.primaryModel,
    lookbackDays: attribution.lookbackDays,
    positionBased: attribution.positionBased,
    wShaped: attribution.wShaped,
    halfLifeDays: attribution.halfLifeDays,
    bookOn: attribution.bookOn,
    conversionOwner: project.conversions.owner,
    identity: identityParts(project),
    sessions: project.sessions,
    timeZone: project.timeZone,
    currency: project.currency,
  });
}

/**
 * Before credits are computed: LOCK_CHANGED where they would be under another definition or baseline than the locked
 * one. Without a lock nothing is refused here; `missing` is then the baseline that the warehouse was on. Under the lease.
 */
export async function guardLock(
  project: Project,
  compiled: CompiledProject,
  session: Session,
): Promise<{ missing: Lock | undefined }> {
  const lock = await readLock(project);
  if (lock === null) return { missing: (await readBaselines(session)).at(-1) };
  requireLocked(lock, projectDefinition(project, compiled));
  await adoptBaseline(session, lock);
  return { missing: undefined };
}
