/**
 * Paths of the config that lead to files: relative ones stay within the project, unless they are absolute.
 */
import { glob, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import { RevopsError } from '../errors.ts';

/** Whether a path or glob leads out of the folder that it is relative to, by the way it is written. */
export function leadsOut(pattern: string): boolean {
  return !path.isAbsolute(pattern) && pattern.split(/[\\/]/).includes('..');
}

/** The names of the files at a path or glob, as people name them: relative where the pattern is. In no order. */
export async function filesAt(folder: string, pattern: string): Promise<string[]> {
  if (!isGlob(pattern)) {
    const found = await stat(path.resolve(folder, pattern)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw error;
    });
    return found?.isFile() === true ? [pattern] : [];
  }
  const names: string[] = [];
  for await (const name of glob(pattern, { cwd: folder, exclude: isOurs })) {
    if ((await stat(path.resolve(folder, name))).isFile()) names.push(name.split(path.sep).join('/'));
  }
  return names;
}

export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern);
}

/**
 * Where a file of a path or glob really is. REQUEST_REJECTED where the path is relative, and a symbolic link leads out of
 * the project.
 */
export async function placeOf(folder: string, pattern: string, name: string): Promise<string> {
  const real = await realpath(path.resolve(folder, name));
  const home = await realpath(folder);
  if (!path.isAbsolute(pattern) && real !== home && !real.startsWith(`${home}${path.sep}`)) {
    throw new RevopsError('REQUEST_REJECTED', `${name} is a symbolic link that leads out of the project`, {
      hint: 'Give the absolute path of the file in the config to read it there.',
    });
  }
  return real;
}

// --- internal ---

/** Folders that hold no data of the project. */
function isOurs(name: string): boolean {
  return /(^|[\\/])(node_modules|\.[^\\/.][^\\/]*)$/.test(name);
}
