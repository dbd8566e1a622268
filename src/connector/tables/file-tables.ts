/**
 * Files as tables: Parquet, and JSON (lines or a list), read by an embedded DuckDB in memory, a piece at a time.
 */
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { DuckDBInstance } from '@duckdb/node-api';

import { RevopsError } from '../../errors.ts';
import type { TableRequest, TableRow, Tables } from './contract.ts';
import { readRow } from './read-row.ts';
import { literal, selectRows } from './select.ts';

/** `files`: a path or glob for each table, relative to `folder`. */
export function fileTables(folder: string, files: Readonly<Record<string, string>>): Tables {
  const placeOf = (table: string): string | null => {
    const file = files[table];
    return file === undefined ? null : path.resolve(folder, file);
  };
  return {
    async columns(table) {
      const place = placeOf(table);
      return place === null ? null : await columnsOf(place);
    },
    async *rows(table, request) {
      const place = placeOf(table);
      const has = place === null ? null : await columnsOf(place);
      if (place === null || has === null) return;
      yield* rowsOf(
        isJson(place) ? fieldsOf(place, request) : `read_parquet(${literal(place)}, union_by_name = true)`,
        {
          has: isJson(place) ? [...request.columns, request.by] : has,
          request,
          file: files[table] as string,
        },
      );
    },
  };
}

// --- internal ---

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof open>>['connect']>>;

function isJson(place: string): boolean {
  return /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(place);
}

/** Whole objects as they are: no type is guessed. */
function objectsOf(place: string): string {
  return `read_json_objects(${literal(place)}, format = 'auto', maximum_object_size = 67108864)`;
}

function fieldsOf(place: string, { columns, by }: TableRequest): string {
  const names = [...new Set([...columns, by])];
  const fields = names.map((name) =>
    name === by ? `json ->> ${literal(`$."${name}"`)} as "${name}"` : `json -> ${literal(`$."${name}"`)} as "${name}"`,
  );
  return `(select ${fields.join(', ')} from ${objectsOf(place)})`;
}

/** Null where no file is there. For JSON: the names of the first object, which need not have all. */
async function columnsOf(place: string): Promise<string[] | null> {
  const sql = isJson(place)
    ? `select unnest(json_keys(json)) as name from (select json from ${objectsOf(place)} limit 1)`
    : `select column_name as name from (describe select * from read_parquet(${literal(place)}, union_by_name = true))`;
  try {
    return await withConnection(async (connection) =>
      (await connection.runAndReadAll(sql)).getRows().map(([name]) => String(name)),
    );
  } catch (error) {
    if (/No files found/.test(String(error))) return null;
    throw unreadable(place);
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
  return duckdb.DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '512MB', temp_directory: tmpdir() });
}

function unreadable(file: string): RevopsError {
  return new RevopsError('REQUEST_REJECTED', `${file}: cannot be read as what its name says`, {
    hint: 'Parquet, or JSON with one object per row. Nothing of it was loaded.',
  });
}
