/**
 * A table that others add rows to, as a stream of a feed: read by the time its rows came in, with an overlap for those that
 * came late.
 */
import * as column from '../columns.ts';
import type { AppendStream, Cursor, FeedContract, Page, SourceRecord } from '../contract.ts';
import { RevopsError } from '../../errors.ts';
import type { Tables } from './contract.ts';
import { instantText } from './read-row.ts';
import { writtenName } from './select.ts';

export interface TableStreamOptions {
  name: string;
  description: string;
  /** The table, as `Tables` knows it; `others` of the same tracker, of which one at least has to be there. */
  table: string;
  others: readonly string[];
  feed: FeedContract;
  /** Columns that tell when a row came in, the best first. */
  arrival: readonly string[];
  /** Columns that `record` looks at. */
  columns: readonly string[];
  /** How much later than others a row may come in and still be read. */
  overlapHours: number;
  /** A row of the feed, without the columns that nobody tells. */
  record(row: SourceRecord): SourceRecord;
}

export function tableStream(options: TableStreamOptions): AppendStream<Tables> {
  const { name, description, table, feed, overlapHours, record } = options;
  return {
    name,
    description,
    mode: 'append',
    repeats: true,
    feed: feed.name,
    primaryKey: feed.grain,
    schema: feedSchema(feed),
    reach: (cursor) => ({ until: (cursor as { until: string }).until }),
    partitions: async ({ client, note }) => {
      if ((await client.columns(table)) !== null) return [{ key: {}, label: '' }];
      await refuseWithoutAny(client, options);
      note(`there is no table ${table}: nothing of this kind was tracked`);
      return [];
    },
    async *read({ client, now, signal }, { since }) {
      const has = (await client.columns(table)) ?? [];
      // Files without a row tell no columns.
      if (has.length === 0) return;
      const by = options.arrival.find((candidate) => writtenName(has, candidate) !== null);
      if (by === undefined) throw lacking(table, options.arrival);
      let until = atMost(untilOf(since), now);
      const from = until === null ? null : new Date(Date.parse(until) - overlapHours * 3_600_000).toISOString();
      const columns = [...new Set([...options.columns, by])];
      for await (const rows of client.rows(table, { columns, by, kind: 'instant', from })) {
        signal.throwIfAborted();
        const arrived = instantText(rows.at(-1)?.[by]);
        const milliseconds = typeof arrived === 'string' ? Date.parse(arrived) : Number.NaN;
        if (!Number.isNaN(milliseconds) && (until === null || milliseconds > Date.parse(until))) {
          until = atMost(new Date(milliseconds).toISOString(), now);
        }
        const page: Page = { records: rows.map((row) => withoutNothing(record(row))) };
        yield until === null ? page : { ...page, cursor: { until } };
      }
    },
  };
}

/** The columns of a feed as a raw table has them. */
export function feedSchema(feed: FeedContract): Record<string, column.ColumnSchema> {
  return Object.fromEntries(feed.columns.map(({ name, type }) => [name, column.ofType(type)]));
}

/** The feed of a project. INTERNAL where it has none: the packaged ones are always there. */
export function feedNamed(feeds: readonly FeedContract[], name: string): FeedContract {
  const feed = feeds.find((candidate) => candidate.name === name);
  if (feed === undefined) throw new RevopsError('INTERNAL', `the project has no feed ${name}`);
  return feed;
}

/** The first of a row's columns that says anything. */
export function firstOf(row: SourceRecord, ...names: string[]): unknown {
  return names.map((name) => row[name]).find((value) => value !== null && value !== undefined && value !== '');
}

// --- internal ---

function untilOf(since: Cursor | null): string | null {
  return (since as { until: string } | null)?.until ?? null;
}

/** A row that says it came in the future must not hide those that do come until then. */
function atMost<Instant extends string | null>(until: Instant, now: Date): Instant | string {
  return until !== null && Date.parse(until) > now.getTime() ? now.toISOString() : until;
}

function withoutNothing(record: SourceRecord): SourceRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
}

async function refuseWithoutAny(client: Tables, { table, others }: TableStreamOptions): Promise<void> {
  for (const other of others) if ((await client.columns(other)) !== null) return;
  throw new RevopsError('REQUEST_REJECTED', `there is none of the tables ${[table, ...others].join(', ')}`, {
    hint: 'Correct the schema (or the files) in the config; the warehouse has to be the one that the tracker loads.',
  });
}

function lacking(table: string, arrival: readonly string[]): RevopsError {
  return new RevopsError('REQUEST_REJECTED', `${table} has none of the columns ${arrival.join(', ')}`, {
    hint: 'It is read by the time its rows came in.',
  });
}
