/**
 * A project's models as found on disk.
 */
import { heldToFeeds } from './dictionary.ts';
import { withOptionalColumns } from './optional-columns.ts';
import type { Feed, InputRelation, Model, ModelProject } from '../contract.ts';
import type { ModelFile } from './model-file.ts';
import { readFolders, type FolderFiles, type ModelFolder } from './model-files.ts';
import { throwProblems, type Problem } from '../problems.ts';
import { readFeed } from './read-feed.ts';
import { readModel, type ModelPlace } from './read-model.ts';
import { readInputs } from './read-inputs.ts';

/**
 * Reads the folders in order; in a later one a model, feed, list or check replaces an earlier one of its name. A folder
 * that does not exist is empty. Throws MODEL_INVALID listing every problem with file and line.
 */
export async function readModelProject(folders: readonly (ModelFolder | FolderFiles)[]): Promise<ModelProject> {
  return modelProjectOf(await readFolders(folders));
}

/** The same of files that are already read. */
export function modelProjectOf(files: readonly FolderFiles[]): ModelProject {
  const problems: Problem[] = [];
  const checks = new Map(files.flatMap((folder) => folder.checks).map((check) => [check.name, check]));
  const checkNames = new Set(checks.keys());
  const models = new Map<string, Model>();
  const feeds = new Map<string, Feed>();
  const inputs = new Map<string, InputRelation>();
  for (const folder of files) {
    const own = new Map<string, string>();
    for (const file of folder.models) {
      const place = placeOf(file, folder.origin, checkNames);
      if (typeof place === 'string') {
        problems.push({ code: 'MODEL_INVALID', file: file.shown, message: place });
        continue;
      }
      const relation = place.kind === 'feed' ? `${place.name}_feed` : place.name;
      const twin = own.get(relation);
      if (twin !== undefined) {
        problems.push({
          code: 'MODEL_INVALID',
          file: file.shown,
          message: `a second ${relation}; the first is ${twin}`,
        });
        continue;
      }
      own.set(relation, file.shown);
      if (place.kind === 'model') put(models, readModel(file.text, place.model, problems));
      else if (place.kind === 'feed') put(feeds, readFeed(file, place.name, folder.origin, checkNames, problems));
    }
    const lists = folder.models.filter((file) => file.parts[0] === 'reference');
    for (const input of readInputs(lists, folder.origin, inputs, problems)) inputs.set(input.name, input);
  }
  const held = heldToFeeds(
    withOptionalColumns([...models.values()], [...feeds.values()]),
    [...feeds.values()],
    problems,
  );
  throwProblems(problems);
  return {
    models: held,
    feeds: [...feeds.values()],
    inputs: [...inputs.values()],
    functions: {
      duckdb: files.flatMap((folder) => folder.duckdb),
      postgres: files.flatMap((folder) => folder.postgres),
    },
    checks: [...checks.values()],
  };
}

// --- internal ---

function put<T extends { name: string; origin: string; replaces?: string }>(
  map: Map<string, T>,
  value: T | undefined,
): void {
  if (value === undefined) return;
  const before = map.get(value.name);
  map.set(value.name, before === undefined ? value : { ...value, replaces: before.origin });
}

type Place = { kind: 'model'; name: string; model: ModelPlace } | { kind: 'feed' | 'reference'; name: string };

const NO_PLACE =
  'not a place for a model: staging/<connector>/x.sql, core/x.sql, marts/x.sql, quality/x.sql, feeds/x.yml or reference/x.csv';
/** Postgres cuts names after 63 bytes; tables have the number of their build behind the name. */
const LONGEST = 55;

/** What a file is by its place; or why it is nothing. */
function placeOf(file: ModelFile, origin: string, checks: ReadonlySet<string>): Place | string {
  const [layer = '', ...rest] = file.parts;
  const leaf = rest.at(-1);
  if (leaf === undefined) return NO_PLACE;
  const [, stem = '', extension = ''] = /^(.*)\.(\w+)$/.exec(leaf) ?? [];
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(stem))
    return `${stem} is no name: lower case letters, digits and _, a letter first, at most 48`;
  if (extension === 'sql' && rest.length === 2 && layer === 'staging') {
    const name = `${(rest[0] ?? '').replaceAll('-', '_')}_${stem}`;
    if (name.length > LONGEST)
      return `the model ${name} has more than ${LONGEST} letters: give the file a shorter name`;
    return { kind: 'model', name, model: { name, layer, origin, file: file.shown, checks } };
  }
  if (extension === 'sql' && rest.length === 1 && (layer === 'core' || layer === 'marts' || layer === 'quality')) {
    return { kind: 'model', name: stem, model: { name: stem, layer, origin, file: file.shown, checks } };
  }
  if (/^ya?ml$/.test(extension) && rest.length === 1 && layer === 'feeds') return { kind: 'feed', name: stem };
  if (rest.length === 1 && layer === 'reference' && extension !== 'sql')
    return { kind: 'reference', name: extension === 'csv' ? stem : leaf };
  return NO_PLACE;
}
