/**
 * Installed packages that bring models: folders `models/` and `sql/` beside their package.json.
 */
import { existsSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { RevopsError } from '../errors.ts';

export interface ModelPackage {
  /** As npm knows it: `@acme/revops-models`. */
  name: string;
  /** Absolute. */
  folder: string;
}

/** The packages a config names, found as Node finds what the config imports. CONFIG_INVALID where one brings nothing. */
export function findPackages(names: readonly string[], configFile: string): ModelPackage[] {
  return names.map((name) => {
    const folder = folderOf(name, configFile);
    if (existsSync(join(folder, 'models')) || existsSync(join(folder, 'sql'))) return { name, folder };
    throw new RevopsError('CONFIG_INVALID', `${basename(configFile)}: packages: ${name} has neither models/ nor sql/`, {
      hint: `It is installed in ${folder}. A package with a connector only is imported, not named here.`,
    });
  });
}

// --- internal ---

function folderOf(name: string, configFile: string): string {
  const file = isPackageName(name) ? find(name, configFile) : undefined;
  if (file !== undefined) return dirname(file);
  throw new RevopsError('CONFIG_INVALID', `${basename(configFile)}: packages: ${name} is not installed`, {
    hint: isPackageName(name) ? `npm install ${name}` : 'Give the name of an npm package, not a path.',
  });
}

function find(name: string, configFile: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(configFile));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function isPackageName(name: string): boolean {
  return /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name);
}
