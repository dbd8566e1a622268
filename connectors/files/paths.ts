/**
 * From paths and globs to files. Relative ones stay within the project: neither `..` nor a symbolic link leads out.
 */
import { stat } from 'node:fs/promises';

import { filesAt, isGlob, placeOf, RevopsError } from 'revops/connector';

import type { FeedFiles } from './feed-files.ts';
import type { FileSource } from './options.ts';

/** A file of a feed. */
export interface FoundFile {
  /** As people name it: relative to the project, or absolute where it is configured so. */
  name: string;
  path: string;
  source: FileSource;
  /** Order in which files are read: where two give the same row, the later one counts. */
  order: string;
  /** Changes whenever the file may have changed. */
  stamp: string;
  modifiedAt: Date;
}

/** The files of a feed in the order of reading. REQUEST_REJECTED where a path has none, or leads out of the project. */
export async function findFiles({ folder, sources }: FeedFiles): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const [index, source] of sources.entries()) {
    const names = await filesAt(folder, source.path);
    if (names.length === 0) {
      throw new RevopsError('REQUEST_REJECTED', `no file ${isGlob(source.path) ? 'matches' : 'at'} ${source.path}`, {
        hint: 'The path is relative to the folder with the config. Nothing was changed: to take rows away, take the path out of the config.',
      });
    }
    for (const name of names) found.push(await describeFile(name, folder, source, index));
  }
  const twice = found.find((file, index) => found.findIndex(({ path: other }) => other === file.path) < index);
  if (twice !== undefined) {
    throw new RevopsError('REQUEST_REJECTED', `${twice.name} is named by two paths of one feed`, {
      hint: 'Correct the paths in the config, so that each file is read once.',
    });
  }
  return found.toSorted((one, other) => (one.order < other.order ? -1 : 1));
}

/** What changes when a file does: size, and the times of its last changes. */
export async function stampOf(file: string): Promise<{ stamp: string; modifiedAt: Date }> {
  const { size, mtimeNs, ctimeNs, mtime } = await stat(file, { bigint: true });
  return { stamp: `${size}-${mtimeNs}-${ctimeNs}`, modifiedAt: mtime };
}

// --- internal ---

async function describeFile(name: string, folder: string, source: FileSource, index: number): Promise<FoundFile> {
  const real = await placeOf(folder, source.path, name);
  const order = `${String(index).padStart(4, '0')}:${name}`;
  return { name, path: real, source, order, ...(await stampOf(real)) };
}
