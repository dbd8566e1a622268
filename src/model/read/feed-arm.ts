import { stringify } from 'yaml';

import type { LogicalType } from '../../warehouse/types.ts';
import type { Feed } from '../contract.ts';
import type { ModelFile } from './model-file.ts';

/**
 * The staging model of a raw table that has a feed's columns already, as the file one would write: types cast, rows that
 * are gone left out, or marked where the feed has `is_deleted`; `as_of` is when they were loaded where they do not say it.
 */
export function feedArm(feed: Feed, connector: string, table: string): ModelFile {
  const { columns, grain } = feed;
  const has = (wanted: string): boolean => columns.some(({ name }) => name === wanted);
  const isDeleted = has(DELETED);
  const header = {
    description: `Rows of ${connector}.${table}, which has the columns of the feed ${feed.name} already. ${lastSentence(feed.description)}`,
    grain,
    source: `${connector}.${table}`,
    reads: {
      ...Object.fromEntries(columns.map(({ name, type }) => [name, rawType(type)])),
      ...(has(AS_OF) ? { [LOADED]: 'timestamptz' } : {}),
      _deleted: 'boolean',
    },
    feeds: feed.name,
    columns: Object.fromEntries(
      columns.map(({ name, type, description }) => [
        name,
        { type, description, ...(grain.includes(name) ? { tests: ['not_null'] } : {}) },
      ]),
    ),
  };
  const outputs = columns.map(({ name, type }) => {
    if (name === DELETED) return `source._deleted or coalesce(source.${name}, false) as ${name}`;
    if (name === AS_OF) return `coalesce(source.${name}, source.${LOADED}) as ${name}`;
    return `${valueOf(name, type)} as ${name}`;
  });
  const sql = `select\n  ${outputs.join(',\n  ')}\nfrom source${isDeleted ? '' : '\nwhere not source._deleted'}`;
  return {
    shown: `models/staging/${connector}/${table}.sql (made of ${feed.file})`,
    parts: ['staging', connector, `${table}.sql`],
    text: `/*\n${stringify(header)}*/\n${sql}\n`,
  };
}

// --- internal ---

const DELETED = 'is_deleted';
/** What the source says, else when it was loaded. */
const AS_OF = 'as_of';
const LOADED = '_as_of';

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
