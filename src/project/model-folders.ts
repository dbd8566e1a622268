/**
 * Where a project's models are.
 */
import { join } from 'node:path';

import type { ModelFolder } from '../model/model-files.ts';
import { packageRoot } from './package-root.ts';

/** The packaged library's folders, and the project's own over them where it has any. */
export function modelFolders(project: { name: string; folder: string; modelsFolder: string | null }): ModelFolder[] {
  const root = packageRoot();
  const packaged = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  if (project.modelsFolder === null || project.modelsFolder === packaged.models) return [packaged];
  return [packaged, { origin: project.name, models: project.modelsFolder, sql: join(project.folder, 'sql') }];
}
