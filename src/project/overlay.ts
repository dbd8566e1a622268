/**
 * The models of a project: the packaged library with the project's own models over it.
 */
import { join } from 'node:path';

import type { ModelProject } from '../model/contract.ts';
import { compileFolders, readModelProject } from '../model/index.ts';
import type { ModelFolder } from '../model/model-files.ts';
import type { CompiledProject } from '../model/relation.ts';
import type { Project } from './load.ts';
import { packageRoot } from './package-root.ts';

/** All models, feeds, functions and checks; a project's own replaces the packaged one of its name. */
export function readModels(project: Project): Promise<ModelProject> {
  return readModelProject(modelFolders(project));
}

/** The same, compiled for the project's warehouse; compiled only where something changed since the last time. */
export function compileModels(project: Project): Promise<CompiledProject> {
  return compileFolders(modelFolders(project), project.warehouse.type, project.stateFolder);
}

// --- internal ---

/** The packaged library first. */
function modelFolders(project: Project): ModelFolder[] {
  const root = packageRoot();
  const packaged = { origin: 'revops', models: join(root, 'models'), sql: join(root, 'sql') };
  if (project.modelsFolder === null || project.modelsFolder === packaged.models) return [packaged];
  return [packaged, { origin: project.name, models: project.modelsFolder, sql: join(project.folder, 'sql') }];
}
