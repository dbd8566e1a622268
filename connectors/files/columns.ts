/**
 * The columns of a feed's raw table: the feed's own, and where a row stands.
 */
import { column, type ColumnSchema, type FeedContract } from 'revops/connector';

/** What the raw table has besides the feed's columns. */
export const OWN_COLUMNS = ['row_key', 'source_file', 'source_line'] as const;

export function columnsOf(feed: FeedContract): Record<string, ColumnSchema> {
  return {
    row_key: column.text(),
    ...Object.fromEntries(feed.columns.map(({ name, type }) => [name, column.ofType(type)])),
    source_file: column.text(),
    source_line: column.bigint(),
  };
}
