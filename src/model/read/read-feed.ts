/**
 * Feed contracts: `feeds/x.yml`.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Feed } from '../contract.ts';
import { readHeader } from './header.ts';
import type { ModelFile } from './model-file.ts';
import type { ModelFolder } from './model-files.ts';
import { throwProblems, type Problem } from '../problems.ts';

/**
 * The feeds of model folders alone, for those who need no models; in a later folder a feed replaces an earlier one of its
 * name. MODEL_INVALID lists every problem with file and line.
 */
export async function readFeeds(folders: readonly ModelFolder[]): Promise<Feed[]> {
  const problems: Problem[] = [];
  const feeds = new Map<string, Feed>();
  const checks = new Set<string>();
  for (const { sql } of folders) {
    for (const file of await namesIn(join(sql, 'checks'), '.sql')) checks.add(file.replace(/\.sql$/, ''));
  }
  for (const { origin, models } of folders) {
    for (const leaf of await namesIn(join(models, 'feeds'), '.yml', '.yaml')) {
      const text = await readFile(join(models, 'feeds', leaf), 'utf8');
      const file: ModelFile = { shown: `models/feeds/${leaf}`, parts: ['feeds', leaf], text };
      const feed = readFeed(file, leaf.replace(/\.ya?ml$/, ''), origin, checks, problems);
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

// --- internal ---

async function namesIn(folder: string, ...endings: string[]): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => endings.some((ending) => name.endsWith(ending))).toSorted();
}
