/**
 * The models of a project: the packaged library with the project's own models over it.
 */
import { join } from 'node:path';

import type { ModelProject } from '../model/contract.ts';
import { readModelProject } from '../model/index.ts';
import type { Project } from './load.ts';
import { packageRoot } from './package-root.ts';

/** All models, feeds, functions and checks; a project's own replaces the packaged one of its name. */
export function readModels(project: Project): Promise<ModelProject> {
  const root = packageRoot();
  const packaged = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  if (project.modelsFolder === null || project.modelsFolder === packaged.models) return readModelProject([packaged]);
  const own = { origin: project.name, models: project.modelsFolder, sql: join(project.folder, 'sql') };
  return readModelProject([packaged, own]);
}
