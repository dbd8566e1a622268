import { stringify } from 'yaml';

import type { LogicalType } from '../../warehouse/types.ts';
import type { Feed } from '../contract.ts';
import type { ModelFile } from './model-file.ts';

/**
 * The staging model of a raw table that has a feed's columns already, as the file one would write: types cast, rows that
 * are gone left out, or marked where the feed has `is_deleted`.
 */
export function feedArm(feed: Feed, connector: string, table: string): ModelFile {
  const { columns, grain } = feed;
  const isDeleted = columns.some(({ name }) => name === DELETED);
  const header = {
    description: `Rows of ${connector}.${table}, which has the columns of the feed ${feed.name} already. ${lastSentence(feed.description)}`,
    grain,
    source: `${connector}.${table}`,
    reads: { ...Object.fromEntries(columns.map(({ name, type }) => [name, rawType(type)])), _deleted: 'boolean' },
    feeds: feed.name,
    columns: Object.fromEntries(
      columns.map(({ name, type, description }) => [
        name,
        { type, description, ...(grain.includes(name) ? { tests: ['not_null'] } : {}) },
      ]),
    ),
  };
  const outputs = columns.map(({ name, type }) =>
    name === DELETED
      ? `source._deleted or coalesce(source.${name}, false) as ${name}`
      : `${valueOf(name, type)} as ${name}`,
  );
  const sql = `select\n  ${outputs.join(',\n  ')}\nfrom source${isDeleted ? '' : '\nwhere not source._deleted'}`;
  return {
    shown: `models/staging/${connector}/${table}.sql (made of ${feed.file})`,
    parts: ['staging', connector, `${table}.sql`],
    text: `/*\n${stringify(header)}*/\n${sql}\n`,
  };
}

// --- internal ---

const DELETED = 'is_deleted';

/** The type a stream's column has for one of a feed's. */
function rawType(type: LogicalType): LogicalType {
  if (type === 'integer') return 'bigint';
  return type.startsWith('decimal') ? 'decimal(38,9)' : type;
}

function valueOf(name: string, type: LogicalType): string {
  return rawType(type) === type ? `source.${name}` : `cast(source.${name} as ${type})`;
}

/** Descriptions end with the grain. */
function lastSentence(description: string): string {
  return /One row per[^.]*\.$/.exec(description)?.[0] ?? '';
}
