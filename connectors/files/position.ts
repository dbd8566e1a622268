/**
 * What of the files is loaded: the stream's cursor.
 */
import type { Cursor, Reach } from 'revops/connector';

import type { FeedFiles } from './feed-files.ts';
import type { FoundFile } from './paths.ts';

export interface FilesPosition {
  [key: string]: Cursor | null;
  /** How they were read. */
  digest: string;
  /** Stamp of each file by its place in the order. */
  files: { [order: string]: string };
  /** Columns of the feed that all files with a header have, joined by blanks; null where none has one. */
  columns: string | null;
  /** First and last day of the rows, where the feed is one of days. */
  from: string | null;
  to: string | null;
  /** When the newest file was changed; ISO 8601. */
  until: string;
}

/** What has to be read to be up to date: everything, these files on top, or nothing. */
export type Difference = 'everything' | readonly FoundFile[];

/**
 * Files that come after all known ones can be read on top: rows of later files count. Any other change (one changed,
 * one gone, one in between, another config) has to be read as a whole.
 */
export function differenceOf(known: FilesPosition, found: readonly FoundFile[], digest: string): Difference {
  if (known.digest !== digest) return 'everything';
  const orders = Object.keys(known.files);
  const last = orders.toSorted().at(-1) ?? '';
  const present = new Map(found.map((file) => [file.order, file.stamp]));
  if (orders.some((order) => present.get(order) !== known.files[order])) return 'everything';
  const added = found.filter((file) => known.files[file.order] === undefined);
  return added.every(({ order }) => order > last) ? added : 'everything';
}

/** How far the data reaches: the days of its rows, else the time of the newest file; the config's word counts more. */
export function reachOf(position: FilesPosition, { complete }: FeedFiles): Reach {
  const { from, to, until } = position;
  if (from !== null && to !== null) return { from: complete.from ?? from, to: complete.to ?? to };
  return complete.to === undefined ? { until } : { untilEndOf: complete.to };
}
