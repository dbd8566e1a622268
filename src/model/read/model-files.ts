/**
 * The files of a project's models folders and function libraries.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import type { SqlFile } from '../contract.ts';
import type { ModelFile } from './model-file.ts';

export interface ModelFolder {
  /** Shown by `revops list`: `revops` for the packaged ones, else the project's or package's name. */
  origin: string;
  /** Folder with staging/, feeds/, core/, marts/, reference/. */
  models: string;
  /** Folder with duckdb/, postgres/ (function library) and checks/. */
  sql: string;
  /** Put before the paths in messages: the package. Default nothing. */
  shownIn?: string;
}

/** Every file of one folder that can mean something, in the order of their paths. */
export interface FolderFiles {
  origin: string;
  models: ModelFile[];
  duckdb: SqlFile[];
  postgres: SqlFile[];
  checks: (SqlFile & { name: string })[];
}

/** Reads all folders; one that does not exist is empty. Files that are made and not found come as they are. */
export function readFolders(folders: readonly (ModelFolder | FolderFiles)[]): Promise<FolderFiles[]> {
  return Promise.all(folders.map(async (folder) => ('checks' in folder ? folder : filesOf(folder))));
}

// --- internal ---

async function filesOf(folder: ModelFolder): Promise<FolderFiles> {
  const [models, duckdb, postgres, checks] = await Promise.all([
    readAll(folder, folder.models, folder.models, /\.(sql|ya?ml|csv)$/),
    readAll(folder, folder.sql, join(folder.sql, 'duckdb'), /^functions.*\.sql$/),
    readAll(folder, folder.sql, join(folder.sql, 'postgres'), /^functions.*\.sql$/),
    readAll(folder, folder.sql, join(folder.sql, 'checks'), /\.sql$/),
  ]);
  const { origin } = folder;
  const script = (file: ModelFile): SqlFile => ({ file: file.shown, sql: file.text, origin });
  return {
    origin: folder.origin,
    models,
    duckdb: duckdb.map(script),
    postgres: postgres.map(script),
    checks: checks.map((file) => ({ name: basename(file.shown, '.sql'), ...script(file) })),
  };
}

async function readAll({ shownIn }: ModelFolder, top: string, folder: string, pattern: RegExp): Promise<ModelFile[]> {
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
      shown: [...(shownIn === undefined ? [] : [shownIn]), ...relative(root, path).split(sep)].join('/'),
      parts: relative(folder, path).split(sep),
      text: await readFile(path, 'utf8'),
    })),
  );
}
