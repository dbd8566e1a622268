/**
 * The package this program belongs to: found upward, so that it is the same from src/ and from dist/src/.
 */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname } from 'node:path';

import { RevopsError } from '../errors.ts';

/** Folder of the package: where models/, sql/ and fixtures/ are. */
export function packageRoot(): string {
  return dirname(packageFile());
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packageFile(), 'utf8')) as { version: string }).version;
}

// --- internal ---

function packageFile(): string {
  const file = findPackageJSON('..', import.meta.url);
  if (file === undefined) throw new RevopsError('INTERNAL', `no package.json above ${import.meta.url}`);
  return file;
}
