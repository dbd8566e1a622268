/**
 * Where the unit cases of a project's models are: the packaged library's, and its own.
 */
import { join } from 'node:path';

import type { CaseFolder } from '../model/unit/index.ts';
import type { Project } from './load.ts';
import { packageRoot } from './package-root.ts';

/** The packaged ones first; a project's own case replaces one of the same model and name. */
export function caseFolders(project: Project): CaseFolder[] {
  const packaged = { origin: 'revops', folder: join(packageRoot(), CASES) };
  const own = { origin: project.name, folder: join(project.folder, CASES) };
  return own.folder === packaged.folder ? [packaged] : [packaged, own];
}

/** What a case's result follows from, of the project's own. */
export function watchedFolders(project: Project): string[] {
  const { folder, modelsFolder } = project;
  return [...(modelsFolder === null ? [] : [modelsFolder]), join(folder, 'sql'), join(folder, CASES)];
}

// --- internal ---

const CASES = join('fixtures', 'cases');
