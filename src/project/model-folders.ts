/**
 * Where a project's models are.
 */
import { join } from 'node:path';

import type { ModelFolder } from '../model/read/model-files.ts';
import { packageRoot } from './package-root.ts';
import type { ModelPackage } from './packages.ts';

/** The packaged library's folders, those of installed packages over them, and the project's own where it has any. */
export function modelFolders(project: {
  name: string;
  folder: string;
  packages: readonly ModelPackage[];
  modelsFolder: string | null;
}): ModelFolder[] {
  const root = packageRoot();
  const packaged = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  const installed = project.packages.map(({ name, folder }) => ({
    origin: name,
    models: join(folder, 'models'),
    sql: join(folder, 'sql'),
    shownIn: name,
  }));
  if (project.modelsFolder === packaged.models) return [packaged, ...installed];
  const models = project.modelsFolder ?? join(project.folder, 'models');
  return [packaged, ...installed, { origin: project.name, models, sql: join(project.folder, 'sql') }];
}
