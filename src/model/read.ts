/**
 * A project's models as found on disk.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import type { Feed, InputRelation, Model, ModelProject } from './contract.ts';
import { readHeader } from './header.ts';
import type { ModelFile } from './model-file.ts';
import { throwProblems, type Problem } from './problems.ts';
import { readModel, type ModelPlace } from './read-model.ts';
import { readInputs } from './read-inputs.ts';

export interface ModelFolder {
  /** Shown by `revops list`: `revops` for the packaged ones, else the project's or package's name. */
  origin: string;
  /** Folder with staging/, feeds/, core/, marts/, reference/. */
  models: string;
  /** Folder with duckdb/, postgres/ (function library) and checks/. */
  sql: string;
}

/**
 * Reads the folders in order; in a later one a model, feed, list or check replaces an earlier one of its name. A folder
 * that does not exist is empty. Throws MODEL_INVALID listing every problem with file and line.
 */
export async function readModelProject(folders: readonly ModelFolder[]): Promise<ModelProject> {
  const problems: Problem[] = [];
  const files = await Promise.all(folders.map(filesOf));
  const checks = new Map(files.flatMap((folder) => folder.checks).map((check) => [check.name, check]));
  const checkNames = new Set(checks.keys());
  const models = new Map<string, Model>();
  const feeds = new Map<string, Feed>();
  const inputs = new Map<string, InputRelation>();
  for (const folder of files) {
    const own = new Map<string, string>();
    for (const file of folder.models) {
      const place = placeOf(file, folder.origin, checkNames);
      if (place === undefined) {
        problems.push({
          code: 'MODEL_INVALID',
          file: file.shown,
          message:
            'not a place for a model: staging/<connector>/x.sql, core/x.sql, marts/x.sql, feeds/x.yml or reference/x.csv',
        });
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
  throwProblems(problems);
  return {
    models: [...models.values()],
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

function put<T extends { name: string }>(map: Map<string, T>, value: T | undefined): void {
  if (value !== undefined) map.set(value.name, value);
}

async function filesOf(folder: ModelFolder): Promise<{
  origin: string;
  models: ModelFile[];
  duckdb: { file: string; sql: string }[];
  postgres: { file: string; sql: string }[];
  checks: { name: string; file: string; sql: string }[];
}> {
  const [models, duckdb, postgres, checks] = await Promise.all([
    readAll(folder.models, folder.models, /\.(sql|ya?ml|csv)$/),
    readAll(folder.sql, join(folder.sql, 'duckdb'), /^functions.*\.sql$/),
    readAll(folder.sql, join(folder.sql, 'postgres'), /^functions.*\.sql$/),
    readAll(folder.sql, join(folder.sql, 'checks'), /\.sql$/),
  ]);
  const script = (file: ModelFile): { file: string; sql: string } => ({ file: file.shown, sql: file.text });
  return {
    origin: folder.origin,
    models,
    duckdb: duckdb.map(script),
    postgres: postgres.map(script),
    checks: checks.map((file) => ({ name: basename(file.shown, '.sql'), file: file.shown, sql: file.text })),
  };
}

async function readAll(top: string, folder: string, pattern: RegExp): Promise<ModelFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const paths = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const root = join(top, '..');
  return await Promise.all(
    paths.map(async (path) => ({
      shown: relative(root, path).split(sep).join('/'),
      parts: relative(folder, path).split(sep),
      text: await readFile(path, 'utf8'),
    })),
  );
}

type Place = { kind: 'model'; name: string; model: ModelPlace } | { kind: 'feed' | 'reference'; name: string };

function placeOf(file: ModelFile, origin: string, checks: ReadonlySet<string>): Place | undefined {
  const [layer = '', ...rest] = file.parts;
  const leaf = rest.at(-1) ?? '';
  const [, stem = '', extension = ''] = /^(.*)\.(\w+)$/.exec(leaf) ?? [];
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(stem)) return undefined;
  if (extension === 'sql' && rest.length === 2 && layer === 'staging') {
    const name = `${(rest[0] ?? '').replaceAll('-', '_')}_${stem}`;
    return { kind: 'model', name, model: { name, layer, origin, file: file.shown, checks } };
  }
  if (extension === 'sql' && rest.length === 1 && (layer === 'core' || layer === 'marts')) {
    return { kind: 'model', name: stem, model: { name: stem, layer, origin, file: file.shown, checks } };
  }
  if (/^ya?ml$/.test(extension) && rest.length === 1 && layer === 'feeds') return { kind: 'feed', name: stem };
  if (rest.length === 1 && layer === 'reference' && extension !== 'sql')
    return { kind: 'reference', name: extension === 'csv' ? stem : leaf };
  return undefined;
}

function readFeed(
  file: ModelFile,
  name: string,
  origin: string,
  checks: ReadonlySet<string>,
  problems: Problem[],
): Feed | undefined {
  const read = readHeader('feed', file.text, { file: file.shown, line: 1, checks }, problems);
  if (read === undefined) return undefined;
  const { description, grain } = read.header;
  return {
    name,
    description: description.trim(),
    origin,
    grain,
    columns: read.columns,
    tests: read.tests,
    file: file.shown,
  };
}
