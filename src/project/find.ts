/**
 * Where a project is: its config file, looked for upward from the working directory.
 */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { RevopsError } from '../errors.ts';

/** File names a config may have, in the order they are looked for. */
export const CONFIG_NAMES = ['revops.config.ts', 'revops.config.js', 'revops.config.mjs'] as const;

/** Absolute path of the config. `given` (from --config) is a file or a folder; without it every parent folder is tried. */
export function findConfig(folder: string, given?: string): string {
  if (given !== undefined) return givenConfig(resolve(folder, given));
  for (let current = resolve(folder); ; current = dirname(current)) {
    const found = configIn(current);
    if (found !== undefined) return found;
    if (dirname(current) === current) break;
  }
  throw new RevopsError('CONFIG_NOT_FOUND', `no ${CONFIG_NAMES[0]} in ${resolve(folder)} or any folder above it`, {
    hint: 'Run `revops init` in an empty folder to make a project, or point to one with --config.',
  });
}

// --- internal ---

function givenConfig(path: string): string {
  const inFolder = configIn(path);
  if (inFolder !== undefined) return inFolder;
  if (existsSync(path) && /\.[cm]?[jt]s$/.test(path)) return path;
  throw new RevopsError('CONFIG_NOT_FOUND', `--config: there is no config at ${path}`, {
    hint: `Give the path of a ${CONFIG_NAMES[0]} or of the folder that holds one.`,
  });
}

function configIn(folder: string): string | undefined {
  return CONFIG_NAMES.map((name) => join(folder, name)).find((file) => existsSync(file));
}
