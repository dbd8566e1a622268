/**
 * The relations that the engine fills at build: what models know of the config, the clock and the sync.
 */
import { RevopsError } from '../errors.ts';
import type { InputRow, ModelProject } from '../model/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { readBaselines } from '../attribution/index.ts';
import { exportedMembers } from '../outbound/index.ts';
import { readLock } from './attribution.ts';
import { checkRows } from './check-settings.ts';
import { reconciliationRows } from './reconciliation-settings.ts';
import { coverageRows } from './coverage.ts';
import { identityRows } from './identity.ts';
import { holdoutRows } from './holdouts.ts';
import type { Project } from './load.ts';
import { clockRows, settingsRows } from './settings.ts';

/** Rows by relation. */
export async function engineInputs(
  project: Project,
  models: ModelProject,
  session: Session,
  now: Date,
): Promise<Record<string, InputRow[]>> {
  requirePrimaryModel(project, models);
  const hadBaseline = (await readBaselines(session)).length > 0;
  return {
    settings: settingsRows(project, await readLock(project), hadBaseline),
    identity_settings: identityRows(project),
    check_settings: checkRows(project),
    reconciliation_settings: reconciliationRows(project),
    clock: clockRows(project, now),
    source_coverage: await coverageRows(project, models, session),
    ...holdoutRows(project.holdouts),
    ...(project.holdouts.length === 0 ? {} : { exported_members: await exportedMembers(session) }),
  };
}

// --- internal ---

/** CONFIG_INVALID where customers would be counted with a model that no credits are computed for. */
function requirePrimaryModel({ attribution }: Project, { inputs }: ModelProject): void {
  const list = inputs.find(({ name }) => name === 'attribution_models');
  const listed = list?.rows.map((row) => String(row['attribution_model'])) ?? [];
  if (list === undefined || listed.includes(attribution.primaryModel)) return;
  throw new RevopsError(
    'CONFIG_INVALID',
    `attribution.primaryModel: ${attribution.primaryModel} is not in the list attribution_models: ${listed.join(', ')}`,
    { hint: 'Add it to models/reference/attribution_models.csv, or choose one of the list.' },
  );
}
