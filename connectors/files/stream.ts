/**
 * A feed's files as a stream: its table is what the files hold now. Rows that no file holds any more become tombstones.
 */
import type { Page, ReadContext, SourceRecord, UpsertStream } from 'revops/connector';

import { columnsOf } from './columns.ts';
import type { FeedFiles } from './feed-files.ts';
import { refuseLostColumns, SharedColumns } from './lost-columns.ts';
import { findFiles, stampOf, type FoundFile } from './paths.ts';
import { differenceOf, reachOf, type FilesPosition } from './position.ts';
import { recordMaker } from './record.ts';
import { rowsOf } from './rows.ts';
import { Span } from './span.ts';

/** A file that was written while it was read: reading it again helps. */
export class FileChanged extends Error {
  constructor(name: string) {
    super(`${name} was changed while it was read`);
  }
}

export function feedStream(files: FeedFiles): UpsertStream<readonly FeedFiles[]> {
  const { feed, digest } = files;
  return {
    name: feed.name,
    description: feed.description.replaceAll(/\s+/g, ' ').trim(),
    mode: 'upsert',
    snapshot: true,
    feed: feed.name,
    primaryKey: ['row_key'],
    schema: columnsOf(feed),
    reported: reportedBy(feed),
    origin: {
      place: 'source_file',
      line: 'source_line',
      hint: `Rows of the feed ${feed.name} are told apart by ${feed.grain.join(', ')}. Give the column that is missing, or add the rows up.`,
    },
    reach: (cursor) => reachOf(cursor as FilesPosition, files),
    slaHours: null,
    async isOutdated(_context, since) {
      const known = since as FilesPosition;
      const found = await findFiles(files);
      const difference = differenceOf(known, found, digest);
      if (difference === 'everything' || difference.length > 0) await refuseLostColumns(files, known, found);
      return difference === 'everything';
    },
    async *read(context, { since }) {
      const found = await findFiles(files);
      const known = since as FilesPosition | null;
      const difference = known === null ? 'everything' : differenceOf(known, found, digest);
      // asked a moment ago it was not: only a read of everything takes away the rows that are gone
      if (known !== null && difference === 'everything') throw new FileChanged(`a file of ${feed.name}`);
      const wanted = difference === 'everything' ? found : difference;
      if (wanted.length === 0) return;
      const span = new Span(files, known);
      const shared = new SharedColumns(known?.columns ?? null);
      for (const file of wanted) yield* pagesOf(file, files, { span, shared }, context);
      yield { records: [], cursor: positionOf(files, found, { span, shared }, context.now) };
    },
  };
}

// --- internal ---

/** What the rows and headers of the files tell of all of them. */
interface Learnt {
  span: Span;
  shared: SharedColumns;
}

/** Of a feed that dates its figures: all but what tells the rows apart. */
function reportedBy({ columns, grain }: FeedFiles['feed']): string[] {
  const names = columns.map(({ name }) => name);
  return names.includes('as_of') ? names.filter((name) => name !== 'as_of' && !grain.includes(name)) : [];
}

async function* pagesOf(
  file: FoundFile,
  { feed }: FeedFiles,
  { span, shared }: Learnt,
  { signal }: ReadContext<readonly FeedFiles[]>,
): AsyncGenerator<Page> {
  const make = recordMaker(file, feed);
  for await (const rows of rowsOf(file, feed, (header) => shared.add(file, feed, header))) {
    signal.throwIfAborted();
    const records: SourceRecord[] = [];
    const unreadable: { reason: string; record: SourceRecord }[] = [];
    for (const row of rows) {
      const made = make(row);
      if ('reason' in made) unreadable.push(made);
      else {
        records.push(made.record);
        span.add(made.record);
      }
    }
    yield { records, unreadable };
  }
  if ((await stampOf(file.path)).stamp !== file.stamp) throw new FileChanged(file.name);
}

function positionOf(
  { digest }: FeedFiles,
  found: readonly FoundFile[],
  { span: { from, to }, shared }: Learnt,
  now: Date,
): FilesPosition {
  const newest = found.reduce((time, { modifiedAt }) => Math.max(time, modifiedAt.getTime()), 0);
  return {
    digest,
    files: Object.fromEntries(found.map(({ order, stamp }) => [order, stamp])),
    columns: shared.toText(),
    from,
    to,
    until: new Date(Math.min(newest, now.getTime())).toISOString(),
  };
}
