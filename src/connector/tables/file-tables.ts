/**
 * Files as tables: Parquet, and JSON (lines or a list), read by an embedded DuckDB in memory, a piece at a time.
 */
import { tmpdir } from 'node:os';

import type { DuckDBInstance } from '@duckdb/node-api';

import { RevopsError } from '../../errors.ts';
import { literal, quoted } from '../../warehouse/sql.ts';
import { filesAt, isGlob, placeOf } from '../project-paths.ts';
import type { TableRequest, TableRow, Tables } from './contract.ts';
import { readRow } from './read-row.ts';
import { selectLast, selectRows, writtenName } from './select.ts';

/** `files`: a path or glob for each table, relative to `folder`, which it must not lead out of. */
export function fileTables(folder: string, files: Readonly<Record<string, string>>): Tables {
  return {
    columns: async (table) => (await found(folder, files[table]))?.has ?? null,
    async last(table, column) {
      const file = await found(folder, files[table]);
      if (file === null) return null;
      const { pattern, places } = file;
      // The first object of JSON need not have all columns.
      const name = isJson(pattern) ? column : writtenName(file.has, column);
      if (name === null) return null;
      const relation = isJson(pattern) ? fieldsOf(places, [name], name) : tableOf(places);
      return firstValue(pattern, selectLast('duckdb', relation, name));
    },
    async *rows(table, request) {
      const file = await found(folder, files[table]);
      if (file === null) return;
      const { pattern, places, has } = file;
      const columns = [...new Set([...request.columns, request.by])];
      const relation = isJson(pattern) ? fieldsOf(places, columns, request.by) : tableOf(places);
      yield* rowsOf(relation, { has: isJson(pattern) ? columns : has, request, file: pattern });
    },
  };
}

// --- internal ---

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['connect']>>;

/** Null where no file is there. */
async function found(
  folder: string,
  pattern: string | undefined,
): Promise<{ pattern: string; places: string[]; has: string[] } | null> {
  if (pattern === undefined) return null;
  const names = (await filesAt(folder, pattern)).toSorted();
  const places = await Promise.all(names.map((name) => placeOf(folder, pattern, name)));
  const globbed = places.find(isGlob);
  if (globbed !== undefined) {
    throw new RevopsError('REQUEST_REJECTED', `${globbed}: has a character of globs in its path`, {
      hint: 'Rename the file or its folder.',
    });
  }
  return places.length === 0 ? null : { pattern, places, has: await columnsOf(pattern, places) };
}

function isJson(pattern: string): boolean {
  return /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(pattern);
}

function tableOf(places: readonly string[]): string {
  return `read_parquet([${places.map(literal).join(', ')}], union_by_name = true)`;
}

/** Whole objects as they are: no type is guessed. */
function objectsOf(places: readonly string[]): string {
  return `read_json_objects([${places.map(literal).join(', ')}], format = 'auto', maximum_object_size = 67108864)`;
}

/** What rows are ordered by is a text, all else as it is. */
function fieldsOf(places: readonly string[], names: readonly string[], by: string): string {
  const member = (name: string): string => literal(`$.${quoted(name)}`);
  const fields = names.map((name) => `json ${name === by ? '->>' : '->'} ${member(name)} as ${quoted(name)}`);
  return `(select ${fields.join(', ')} from ${objectsOf(places)})`;
}

async function firstValue(pattern: string, sql: string): Promise<string | null> {
  try {
    const [row] = await withConnection(async (connection) => (await connection.runAndReadAll(sql)).getRows());
    return row?.[0] === null || row?.[0] === undefined ? null : String(row[0]);
  } catch {
    // Without its text: it can quote values.
    throw unreadable(pattern);
  }
}

/** For JSON: the names of the first object, which need not have all. */
async function columnsOf(pattern: string, places: readonly string[]): Promise<string[]> {
  const sql = isJson(pattern)
    ? `select unnest(json_keys(json)) as name from (select json from ${objectsOf(places)} limit 1)`
    : `select column_name as name from (describe select * from ${tableOf(places)})`;
  try {
    return await withConnection(async (connection) =>
      (await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)),
    );
  } catch {
    // Without its text: it can quote values.
    throw unreadable(pattern);
  }
}

async function* rowsOf(
  relation: string,
  { has, request, file }: { has: readonly string[]; request: TableRequest; file: string },
): AsyncGenerator<TableRow[]> {
  const instance = await open();
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    const result = await connection.stream(selectRows('duckdb', relation, has, request));
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield chunk.getRows().map(([json]) => readRow(String(json)));
    }
  } catch {
    // Without its text: it can quote values.
    throw unreadable(file);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function withConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const instance = await open();
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function open(): Promise<DuckDBInstance> {
  const duckdb = await import('@duckdb/node-api');
  return duckdb.DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '512MB',
    temp_directory: tmpdir(),
    autoinstall_known_extensions: 'false',
  });
}

function unreadable(file: string): RevopsError {
  return new RevopsError('REQUEST_REJECTED', `${file}: cannot be read as what its name says`, {
    hint: 'Parquet, or JSON with one object per row. Nothing of it was loaded.',
  });
}
