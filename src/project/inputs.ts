/**
 * The relations that the engine fills at build: what models know of the config, the clock and the sync.
 */
import type { InputRow, ModelProject } from '../model/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { readLock } from './attribution.ts';
import { coverageRows } from './coverage.ts';
import type { Project } from './load.ts';
import { clockRows, settingsRows } from './settings.ts';

/** Rows by relation. */
export async function engineInputs(
  project: Project,
  models: ModelProject,
  session: Session,
  now: Date,
): Promise<Record<string, InputRow[]>> {
  return {
    settings: settingsRows(project, await readLock(project)),
    clock: clockRows(project, now),
    source_coverage: await coverageRows(project, models, session),
  };
}
