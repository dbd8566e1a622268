/**
 * The files of each feed, checked against the feed's contract: what the config names has to exist there.
 */
import { createHash } from 'node:crypto';

import { leadsOut, RevopsError, type FeedContract, type ProjectFacts } from 'revops/connector';

import type { FilesOptions, FileSource } from './options.ts';
import { formatOf } from './path-names.ts';

export interface FeedFiles {
  feed: FeedContract;
  /** Folder that relative paths begin at. */
  folder: string;
  sources: readonly FileSource[];
  /** Days that the files are said to hold completely, whatever their rows reach. */
  complete: { from?: string | undefined; to?: string | undefined };
  /** Changes when the same files would have to be read differently. */
  digest: string;
}

/** One entry per feed of the options. CONFIG_INVALID names every option that does not fit. */
export function feedFiles(options: FilesOptions, { folder, feeds }: ProjectFacts): FeedFiles[] {
  const known = new Map(feeds.map((feed) => [feed.name, feed]));
  const wrong: string[] = [];
  const found = Object.entries(options.feeds).flatMap(([name, sources]): FeedFiles[] => {
    const feed = known.get(name);
    if (feed === undefined) {
      wrong.push(`feeds.${name}: there is no such feed; there are ${[...known.keys()].toSorted().join(', ')}`);
      return [];
    }
    sources.forEach((source, index) =>
      wrong.push(...problemsOf(source, feed).map((text) => `${at(name, index)}.${text}`)),
    );
    const complete = options.complete[name] ?? {};
    const digest = createHash('sha256').update(JSON.stringify([feed.grain, feed.columns, sources, complete]));
    return [{ feed, folder, sources, complete, digest: digest.digest('hex').slice(0, 16) }];
  });
  for (const name of Object.keys(options.complete)) {
    if (options.feeds[name] === undefined) wrong.push(`complete.${name}: no file is configured for this feed`);
  }
  if (wrong.length === 0) return found;
  throw new RevopsError('CONFIG_INVALID', wrong.map((text) => `connectors.files.${text}`).join('; '), {
    hint: 'See docs/connectors/files.md for its options, and models/feeds for the columns.',
  });
}

// --- internal ---

function at(feed: string, index: number): string {
  return index === 0 ? `feeds.${feed}` : `feeds.${feed}.${index}`;
}

function problemsOf(source: FileSource, feed: FeedContract): string[] {
  const names = new Set(feed.columns.map(({ name }) => name));
  const unknown = (option: 'columns' | 'values'): string[] =>
    Object.keys(source[option])
      .filter((name) => !names.has(name))
      .map((name) => `${option}.${name}: the feed ${feed.name} has no such column; it has ${[...names].join(', ')}`);
  const twice = Object.keys(source.columns).find((name) => name in source.values);
  return [
    ...unknown('columns'),
    ...unknown('values'),
    ...(twice === undefined ? [] : [`values.${twice}: the column is read from the file already`]),
    ...(leadsOut(source.path) ? ['path: leads out of the project; give an absolute path to read there'] : []),
    ...(source.layout === 'ecb' && feed.name !== 'fx_rates' ? ['layout: ecb holds exchange rates: feed fx_rates'] : []),
    ...(source.format === undefined && formatOf(source.path) === null
      ? ["format: the name does not tell it; expected 'csv', 'jsonl' or 'parquet'"]
      : []),
  ];
}
