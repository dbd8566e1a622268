/**
 * From a file's row to a record of the feed: columns found by their names, values converted, the row's key made.
 */
import { createHash } from 'node:crypto';

import type { FeedContract, SourceRecord } from 'revops/connector';

import { OWN_COLUMNS } from './columns.ts';
import { converterFor, type Converted, withinValues } from './convert.ts';
import type { FoundFile } from './paths.ts';
import type { RawRow } from './raw-row.ts';
import { refused } from './refuse.ts';

export type Made = { record: SourceRecord } | { reason: string; record: SourceRecord };

/** Refuses a file that lacks a column the config names, or one that tells its rows apart. */
export function checkHeader(file: FoundFile, feed: FeedContract, header: readonly string[]): void {
  const { columns, values } = file.source;
  const has = `It has ${header.filter((name) => name !== '').join(', ')}.`;
  const absent = Object.entries(columns).find(([, name]) => !header.includes(name));
  if (absent !== undefined) {
    throw refused(file.name, `has no column ${JSON.stringify(absent[1])}, which columns.${absent[0]} names`, has);
  }
  const missing = feed.grain.filter(
    (name) => !header.includes(name) && !(name in columns) && !(name in values) && defaultOf(feed, name) === undefined,
  );
  if (missing.length === 0) return;
  throw refused(
    file.name,
    `has no column for ${missing.join(', ')}: rows of the feed ${feed.name} are told apart by ${feed.grain.join(', ')}`,
    `${has} Name the right ones in the config (columns), or give one value for all rows (values).`,
  );
}

/** Compiles the function that makes records of a file's rows. */
export function recordMaker(file: FoundFile, feed: FeedContract): (row: RawRow) => Made {
  const { source, name } = file;
  const own = feed.columns.map((column) => ({
    name: column.name,
    from: source.columns[column.name] ?? column.name,
    fixed: source.values[column.name] ?? column.default,
    isGrain: feed.grain.includes(column.name),
    convert: withinValues(column.values, converterFor(column.type, source)),
  }));
  const used = new Set<string>([...own.flatMap((column) => [column.name, column.from]), ...OWN_COLUMNS]);

  return ({ line, values, problem }) => {
    const record: SourceRecord = { source_file: name, source_line: line };
    if (values === null) return { reason: problem ?? 'cannot be read', record };
    const problems: string[] = [];
    const key = new Map<string, string>();
    for (const column of own) {
      const given = values[column.from] ?? column.fixed;
      if (given === undefined) {
        if (column.isGrain) problems.push(`${column.name}: missing`);
        continue;
      }
      const converted: Converted = given === '' ? { value: '' } : column.convert(given);
      if ('problem' in converted) problems.push(`${column.name}: ${converted.problem}`);
      record[column.name] = 'problem' in converted ? given : converted.value;
      if (column.isGrain && 'value' in converted) key.set(column.name, String(converted.value));
    }
    for (const [extra, value] of Object.entries(values)) if (!used.has(extra)) record[extra] = value;
    if (key.size === feed.grain.length) record['row_key'] = keyText(feed.grain.map((column) => key.get(column) ?? ''));
    return problems.length === 0 ? { record } : { reason: problems.join('; '), record };
  };
}

/** The values that tell a row from others as one text; a long one as its digest. */
export function keyText(values: readonly string[]): string {
  const text = JSON.stringify(values);
  return text.length <= LONGEST_KEY ? text : createHash('sha256').update(text).digest('base64url');
}

// --- internal ---

const LONGEST_KEY = 300;

function defaultOf(feed: FeedContract, name: string): string | undefined {
  return feed.columns.find((column) => column.name === name)?.default;
}
