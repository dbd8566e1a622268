/**
 * Tables of trackers with the columns and types of their published schemas: in the test's warehouse, or as Parquet and JSON files.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';

import type { Connector } from '../../../src/connector/index.ts';
import type { SyncOptions, StreamReport } from '../../../src/sync/contract.ts';
import type { EngineName, Row } from '../../../src/warehouse/types.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { FEEDS } from '../feeds.ts';

/** Columns with their types (DuckDB's names; `json` for what is nested), and rows. */
export interface TrackerTable {
  columns: Record<string, 'text' | 'timestamptz' | 'timestamp' | 'bigint' | 'double' | 'json'>;
  rows: Record<string, unknown>[];
}

export type Place = 'warehouse' | 'parquet' | 'json';

export interface TablesBench extends Bench {
  /** Fills `tracker.<name>`, or the file of this name, with these rows and none else. */
  fill(name: string, table: TrackerTable): Promise<void>;
  /** Where it is, as options. */
  place(...names: string[]): { schema: string } | { files: Record<string, string> };
  load(connector: Connector, more?: Partial<SyncOptions>): Promise<StreamReport[]>;
  live(connector: string, stream: string, columns: string): Promise<Row[]>;
}

export async function openTables(engine: EngineName, place: Place): Promise<TablesBench> {
  const bench = await openBench(engine);
  const folder = mkdtempSync(join(tmpdir(), 'revops-tables-'));
  const fileOf = (name: string): string => `${name}.${place === 'json' ? 'jsonl' : 'parquet'}`;
  return {
    ...bench,
    async fill(name, table) {
      if (place === 'json') {
        writeFileSync(join(folder, fileOf(name)), table.rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      } else if (place === 'parquet') await writeParquet(join(folder, fileOf(name)), table);
      else {
        await bench.warehouse.script(
          `create schema if not exists tracker; drop table if exists tracker.${name}; ${creation(`tracker.${name}`, table, engine)};`,
        );
        for (const statement of insertions(`tracker.${name}`, table)) await bench.warehouse.execute(statement);
      }
    },
    place: (...names) =>
      place === 'warehouse'
        ? { schema: 'tracker' }
        : { files: Object.fromEntries(names.map((name) => [name, fileOf(name)])) },
    async load(connector, more = {}) {
      const made = connector.inProject?.({ folder, feeds: FEEDS });
      if (made === undefined) throw new Error('the connector takes no project');
      return (await bench.sync([made], more)).streams;
    },
    live: (connector, stream, columns) =>
      bench.query(`select ${columns} from raw_${connector}.${stream} where not _deleted order by event_id`),
    async dispose() {
      await bench.dispose();
      rmSync(folder, { recursive: true });
    },
  };
}

// --- internal ---

function creation(name: string, { columns }: TrackerTable, engine: EngineName): string {
  const types = engine === 'postgres' ? { double: 'double precision', json: 'jsonb' } : {};
  const written = Object.entries(columns).map(
    ([column, type]) => `"${column}" ${(types as Record<string, string>)[type] ?? type}`,
  );
  return `create table ${name} (${written.join(', ')})`;
}

function insertions(name: string, { columns, rows }: TrackerTable): string[] {
  return rows.map((row) => {
    const values = Object.keys(columns).map((column) => {
      const value = row[column];
      if (value === null || value === undefined) return 'null';
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      return `'${text.replaceAll("'", "''")}'`;
    });
    return `insert into ${name} values (${values.join(', ')})`;
  });
}

/** Nested columns as exports have them: structs and lists, not text. */
async function writeParquet(file: string, table: TrackerTable): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    await connection.run("set timezone = 'UTC'");
    await connection.run(creation('rows', table, 'duckdb'));
    for (const statement of insertions('rows', table)) await connection.run(statement);
    const outputs = Object.entries(table.columns).map(([column, type]) =>
      type === 'json'
        ? `from_json("${column}", ${structure(table.rows.map((row) => row[column]))}) as "${column}"`
        : `"${column}"`,
    );
    await connection.run(`copy (select ${outputs.join(', ')} from rows) to '${file}' (format parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** The structure of JSON values as DuckDB's from_json wants it: that of the export, told by the first value with all keys. */
function structure(values: unknown[]): string {
  const isParameters = values.some((value) => Array.isArray(value));
  if (isParameters) {
    return `'[{"key":"VARCHAR","value":{"string_value":"VARCHAR","int_value":"BIGINT","float_value":"DOUBLE","double_value":"DOUBLE"}}]'`;
  }
  const keys = new Set(values.flatMap((value) => Object.keys(value ?? {})));
  return `'${JSON.stringify(Object.fromEntries([...keys].map((key) => [key, 'VARCHAR'])))}'`;
}
