/**
 * The files of a project's models folders and function libraries.
 */
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';

import type { SqlFile } from '../contract.ts';
import { throwProblems } from '../problems.ts';
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

/**
 * The files of a folder, and of those in it, whose names match; `folder` is `top` or within it. A folder that does not exist
 * is empty. Throws MODEL_INVALID where one of them is a symbolic link: what it leads to may be outside of the project, where
 * nobody reviews it, and somewhere else on the next machine.
 */
export async function readAll(
  { shownIn }: Pick<ModelFolder, 'shownIn'>,
  top: string,
  folder: string,
  pattern: RegExp,
): Promise<ModelFile[]> {
  const root = join(top, '..');
  const shown = (path: string): string =>
    [...(shownIn === undefined ? [] : [shownIn]), ...relative(root, path).split(sep)].join('/');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  if (folder !== top && (await isLink(folder))) links.push(folder);
  const misleading = await Promise.all(
    links.map(async (path) => pattern.test(basename(path)) || (await isFolder(path))),
  );
  throwProblems(
    links
      .filter((path, at) => misleading[at] === true && !basename(path).startsWith('.'))
      .map((path) => ({ code: 'MODEL_INVALID', file: shown(path), message: LINK })),
  );
  const paths = entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  return await Promise.all(
    paths.map(async (path) => ({
      shown: shown(path),
      parts: relative(folder, path).split(sep),
      text: await readFile(path, 'utf8'),
    })),
  );
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

const LINK =
  'a symbolic link, which is not followed: put the file or folder itself here; what several projects share is a package (`packages` in the config)';

function isLink(path: string): Promise<boolean> {
  return lstat(path).then((found) => found.isSymbolicLink(), absent);
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isDirectory(), absent);
}

function absent(): false {
  return false;
}
