/**
 * Feed contracts: `feeds/x.yml`.
 */
import { basename, join } from 'node:path';

import type { Feed } from '../contract.ts';
import { readHeader } from './header.ts';
import type { ModelFile } from './model-file.ts';
import { readAll, type ModelFolder } from './model-files.ts';
import { throwProblems, type Problem } from '../problems.ts';

/**
 * The feeds of model folders alone, for those who need no models; in a later folder a feed replaces an earlier one of its
 * name. MODEL_INVALID lists every problem with file and line.
 */
export async function readFeeds(folders: readonly ModelFolder[]): Promise<Feed[]> {
  const problems: Problem[] = [];
  const feeds = new Map<string, Feed>();
  const checks = new Set<string>();
  for (const folder of folders) {
    for (const file of await readAll(folder, folder.sql, join(folder.sql, 'checks'), /\.sql$/)) {
      checks.add(basename(file.shown, '.sql'));
    }
  }
  for (const folder of folders) {
    for (const file of await readAll(folder, folder.models, join(folder.models, 'feeds'), /\.ya?ml$/)) {
      if (file.parts.length > 1) continue;
      const name = basename(file.shown).replace(/\.ya?ml$/, '');
      const feed = readFeed(file, name, folder.origin, checks, problems);
      if (feed !== undefined) feeds.set(feed.name, feed);
    }
  }
  throwProblems(problems);
  return [...feeds.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** One feed; problems are added to `problems`, and then there is no result. */
export function readFeed(
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
