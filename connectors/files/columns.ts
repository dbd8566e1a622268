/**
 * The columns of a feed's raw table: the feed's own, and where a row stands.
 */
import { column, type ColumnSchema, type FeedContract } from 'revops/connector';

/** What the raw table has besides the feed's columns. */
export const OWN_COLUMNS = ['row_key', 'source_file', 'source_line'] as const;

export function columnsOf(feed: FeedContract): Record<string, ColumnSchema> {
  return {
    row_key: column.text(),
    ...Object.fromEntries(feed.columns.map(({ name, type }) => [name, schemaOf(type)])),
    source_file: column.text(),
    source_line: column.bigint(),
  };
}

// --- internal ---

function schemaOf(type: FeedContract['columns'][number]['type']): ColumnSchema {
  switch (type) {
    case 'text':
      return column.text();
    case 'integer':
    case 'bigint':
      return column.bigint();
    case 'double':
      return column.double();
    case 'boolean':
      return column.boolean();
    case 'date':
      return column.date();
    case 'timestamptz':
      return column.timestamp();
    case 'json':
      return column.json();
    default:
      return column.decimal();
  }
}
