/**
 * What a statement that failed has to do with models that changed since the last build.
 */
import { isRevopsError, RevopsError } from '../errors.ts';
import type { Project } from '../project/load.ts';
import { compileModels } from '../project/overlay.ts';
import type { Warehouse } from '../warehouse/contract.ts';

/** The error; where it says nothing of what to do, and the warehouse still holds a relation as it was before, with that. */
export async function explainOutdated(project: Project, warehouse: Warehouse, error: unknown): Promise<unknown> {
  if (!isRevopsError(error, 'WAREHOUSE_FAILED') || error.hint !== undefined) return error;
  const outdated = await firstOutdated(project, warehouse).catch(() => undefined);
  if (outdated === undefined) return error;
  return new RevopsError('WAREHOUSE_FAILED', error.message, {
    hint: `${outdated} is not what the models of this version make of it: run \`revops build\` first.`,
    cause: error,
  });
}

// --- internal ---

/** `core.deals`: the first relation that is missing or lacks a column. */
async function firstOutdated(project: Project, warehouse: Warehouse): Promise<string | undefined> {
  const { relations } = await compileModels(project);
  for (const { schema, name, columns } of relations) {
    // oxlint-disable-next-line no-await-in-loop -- the first ends it
    const built = await warehouse.describe({ schema, name });
    const names = new Set(built?.map((column) => column.name));
    if (columns.some((column) => !names.has(column.name))) return `${schema}.${name}`;
  }
  return undefined;
}
