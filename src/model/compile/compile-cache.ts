/**
 * Compiling once for the same files: what a project compiles to is kept in a file, under a digest of everything it was
 * made from. A command then starts in the time it takes to read the models.
 */
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

import type { EngineName } from '../../warehouse/types.ts';
import { compileProject } from './compile.ts';
import { digest } from './digest.ts';
import { readFolders, type FolderFiles, type ModelFolder } from '../read/model-files.ts';
import { modelProjectOf } from '../read/read.ts';
import type { CompiledProject } from '../relation.ts';

/**
 * Reads and compiles the models of folders, or takes from `cacheFolder` what the same files compiled to before. A
 * project with a problem is never kept. Where several projects share the
 * folder (`isShared`, default false) each has a file of its own. Throws as
 * reading and compiling do.
 */
export async function compileFolders(
  folders: readonly (ModelFolder | FolderFiles)[],
  engine: EngineName,
  cacheFolder: string,
  isShared = false,
): Promise<CompiledProject> {
  const files = (await readFolders(folders)).filter(hasFiles);
  const key = await keyOf(files, engine);
  const file = join(cacheFolder, isShared ? `compiled-${engine}-${key}` : `compiled-${engine}`);
  const kept = await readKept(file, key);
  if (kept !== undefined) return kept;
  const compiled = await compileProject(modelProjectOf(files), engine);
  await keep(file, key, compiled, isShared ? 0o666 : 0o600);
  return compiled;
}

// --- internal ---

interface Kept {
  key: string;
  compiled: CompiledProject;
}

/** A project without models of its own compiles to what every such project does, whatever its name. */
function hasFiles({ models, duckdb, postgres, checks }: FolderFiles): boolean {
  return [models, duckdb, postgres, checks].some((files) => files.length > 0);
}

/** What the compiled project follows from: the files, this program, and the parser it asks. */
async function keyOf(files: readonly FolderFiles[], engine: EngineName): Promise<string> {
  return digest([engine, process.version, await parserVersion(), await ownFiles(), JSON.stringify(files)]);
}

async function parserVersion(): Promise<string> {
  const file = findPackageJSON('@duckdb/node-api', import.meta.url);
  return file === undefined ? '' : ((JSON.parse(await readFile(file, 'utf8')) as { version: string }).version ?? '');
}

/** Sizes of the program's own files, and when they came here: all files of a package have the same time of change. */
async function ownFiles(): Promise<string[]> {
  const folders = [join(import.meta.dirname, '..'), join(import.meta.dirname, '../../warehouse')];
  const paths = (await Promise.all(folders.map(async (folder) => pathsIn(folder)))).flat();
  return Promise.all(
    paths.map(async (path) => {
      const { size, ctimeMs } = await stat(path);
      return `${path} ${size} ${ctimeMs}`;
    }),
  );
}

async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : [])).toSorted();
}

async function readKept(file: string, key: string): Promise<CompiledProject | undefined> {
  try {
    const kept = deserialize(await readFile(file)) as Kept;
    return kept.key === key ? kept.compiled : undefined;
  } catch {
    // absent, or damaged: it is made again
    return undefined;
  }
}

async function keep(file: string, key: string, compiled: CompiledProject, mode: number): Promise<void> {
  const kept: Kept = { key, compiled };
  const written = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(written, serialize(kept), { mode });
    await rename(written, file);
  } catch {
    // a folder that cannot be written costs time, and nothing else
  }
}
