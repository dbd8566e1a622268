/**
 * The models of a project: the packaged library with the project's own models over it.
 */
import type { InputRow, ModelProject } from '../model/contract.ts';
import { compileFolders, feedArm, readModelProject } from '../model/index.ts';
import type { FolderFiles, ModelFolder } from '../model/read/model-files.ts';
import type { CompiledProject } from '../model/relation.ts';
import type { EngineName } from '../warehouse/types.ts';
import { deduplication, isDeduplicationShipped } from './deduplication.ts';
import type { Project } from './load.ts';
import { modelFolders } from './model-folders.ts';
import { stageCriteria, stageDefinitions } from './stage-definitions.ts';
import { trackingLists } from './tracking-lists.ts';

/** All models, feeds, functions and checks; a project's own replaces the packaged one of its name. */
export function readModels(project: Project): Promise<ModelProject> {
  return readModelProject(foldersOf(project));
}

/**
 * The same, compiled, for the project's warehouse unless told; only where something changed since the last time. What is
 * compiled is kept in the project, or where `REVOPS_COMPILE_CACHE` says, for many projects (or a CI's many checkouts).
 */
export function compileModels(project: Project, engine: EngineName = project.warehouse.type): Promise<CompiledProject> {
  const shared = process.env['REVOPS_COMPILE_CACHE'];
  const isShared = shared !== undefined && shared !== '';
  return compileFolders(foldersOf(project), engine, isShared ? shared : project.stateFolder, isShared);
}

/** Rows of the packaged library's lists that the project replaces with its own, by name. */
export async function replacedLists(project: Project, compiled: CompiledProject): Promise<Record<string, InputRow[]>> {
  const own = compiled.relations.filter((relation) => relation.kind === 'input' && relation.origin !== 'revops');
  const [packaged] = modelFolders(project);
  if (own.length === 0 || packaged === undefined) return {};
  const { inputs } = await readModelProject([packaged]);
  const replaced = inputs.filter(
    ({ name, filledBy }) => filledBy === 'file' && own.some((other) => other.name === name),
  );
  return Object.fromEntries(replaced.map(({ name, rows }) => [name, rows]));
}

// --- internal ---

/**
 * The packaged library first, then what streams that have a feed's columns need, then the project's own; what the config
 * says is last.
 */
function foldersOf(project: Project): (ModelFolder | FolderFiles)[] {
  const [packaged, ...own] = modelFolders(project);
  return [...(packaged === undefined ? [] : [packaged]), armsOf(project), ...own, configuredLists(project)];
}

function configuredLists({ pipeline, conversions, trackingPlan }: Project): FolderFiles {
  const models = [
    ...(pipeline.length === 0 && conversions.truth === 'crm' ? [] : [stageDefinitions(pipeline, conversions.truth)]),
    ...(pipeline.some(({ criteria }) => criteria.length > 0) ? [stageCriteria(pipeline)] : []),
    ...(isDeduplicationShipped(conversions) ? [] : [deduplication(conversions)]),
    ...(trackingPlan === null ? [] : trackingLists(trackingPlan)),
  ];
  return { origin: 'config', models, duckdb: [], postgres: [], checks: [] };
}

function armsOf({ connectors, feeds }: Project): FolderFiles {
  const models = connectors.flatMap((connector) =>
    connector.streams.flatMap((stream) => {
      const feed = feeds.find(({ name }) => name === stream.feed);
      return feed === undefined ? [] : [feedArm(feed, connector.name, stream.name)];
    }),
  );
  return { origin: 'feed', models, duckdb: [], postgres: [], checks: [] };
}
