/**
 * Columns that files had when they were loaded last and have no more: somebody renamed one. Their values would become NULL
 * without a word, and a spend of nothing looks like a number.
 */
import type { FeedContract } from 'revops/connector';

import type { FeedFiles } from './feed-files.ts';
import type { FoundFile } from './paths.ts';
import type { FilesPosition } from './position.ts';
import { refused } from './refuse.ts';
import { rowsOf } from './rows.ts';

/** Columns of the feed that the headers of all files have, or the config gives; nothing of files without a header. */
export class SharedColumns {
  #names: readonly string[] | null;

  constructor(known: string | null) {
    this.#names = known === null ? null : known.split(' ');
  }

  add({ source }: FoundFile, { columns }: FeedContract, header: readonly string[]): void {
    const has = columns
      .map(({ name }) => name)
      .filter((name) => name in source.values || header.includes(source.columns[name] ?? name));
    this.#names = this.#names === null ? has : this.#names.filter((name) => has.includes(name));
  }

  /** As the position keeps them; null where no file has a header. */
  toText(): string | null {
    return this.#names === null ? null : this.#names.join(' ');
  }
}

/** Refuses a new or changed file that lacks a column which all files had, as long as the config stays as it was. */
export async function refuseLostColumns(
  { feed, digest }: FeedFiles,
  known: FilesPosition,
  found: readonly FoundFile[],
): Promise<void> {
  const had = known.columns?.split(' ') ?? [];
  if (known.digest !== digest || had.length === 0) return;
  for (const file of found.filter(({ order, stamp }) => known.files[order] !== stamp)) {
    const header = await headerOf(file, feed);
    if (header === null) continue;
    const own = new SharedColumns(null);
    own.add(file, feed, header);
    const has = own.toText()?.split(' ') ?? [];
    const lost = had.filter((name) => !has.includes(name));
    if (lost.length === 0) continue;
    const names = new Set(feed.columns.map(({ name }) => file.source.columns[name] ?? name));
    const unknown = header.filter((name) => name !== '' && !names.has(name));
    throw refused(
      file.name,
      `has no column ${lost.map((name) => JSON.stringify(file.source.columns[name] ?? name)).join(', ')} any more, which it was loaded with before`,
      `${unknown.length === 0 ? '' : `New in it: ${unknown.join(', ')}. `}Name the right one in the config (columns: { ${lost[0]}: '${unknown[0] ?? '…'}' }), or give one value for all rows (values).`,
    );
  }
}

// --- internal ---

async function headerOf(file: FoundFile, feed: FeedContract): Promise<readonly string[] | null> {
  let header: readonly string[] | null = null;
  const rows = rowsOf(file, feed, (columns) => {
    header = columns;
  });
  try {
    await rows.next();
  } finally {
    await rows.return(undefined);
  }
  return header;
}
