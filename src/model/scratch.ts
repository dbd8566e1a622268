/**
 * A DuckDB in memory: it parses models and compiles them on an empty catalog. No warehouse is touched.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { messageOf } from '../errors.ts';
import type { LogicalType } from '../warehouse/types.ts';

export interface Scratch {
  /** The serialised AST of each text, or where and why it is none. `offset` counts UTF-8 bytes. */
  parse(texts: readonly string[]): Promise<ParseResult[]>;
  /** Runs statements. Throws ScratchError. */
  run(script: string): Promise<void>;
  /** Names and types of a SELECT without running it; types outside the logical ones as DuckDB spells them. Throws ScratchError. */
  describe(sql: string): Promise<{ name: string; type: string }[]>;
  close(): void;
}

export type ParseResult = { ast: string } | { message: string; offset: number | undefined };

/** What DuckDB said about a statement, and where in it. */
export class ScratchError extends Error {
  override readonly name = 'ScratchError';
  /** UTF-8 bytes from the start of the statement. */
  readonly offset: number | undefined;

  constructor(message: string, offset: number | undefined) {
    super(message);
    this.offset = offset;
  }
}

/** Opens one; close it after use. */
export async function openScratch(): Promise<Scratch> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  await connection.run(`set errors_as_json = true`);
  await connection.run(`set timezone = 'UTC'`);
  return {
    parse: (texts) => parse(connection, texts),
    run: async (script) => {
      await attempt(() => connection.run(script));
    },
    describe: async (sql) => {
      const rows = (await attempt(() => connection.runAndReadAll(`describe ${sql}`))).getRowObjectsJson();
      return rows.map((row) => ({ name: textIn(row['column_name']), type: logicalOf(textIn(row['column_type'])) }));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** DuckDB's prefix of an error of `describe …` must not count. */
export const DESCRIBE_PREFIX_BYTES = 'describe '.length;

// --- internal ---

async function parse(connection: DuckDBConnection, texts: readonly string[]): Promise<ParseResult[]> {
  if (texts.length === 0) return [];
  const statement = await connection.prepare('select json_serialize_sql(cast($1 as varchar)) as ast');
  const results: ParseResult[] = [];
  for (const text of texts) {
    statement.bindVarchar(1, text);
    const ast = textIn((await statement.runAndReadAll()).getRowsJson()[0]?.[0]);
    // only the head is read: errors are short, an AST is long
    const failed = ast.startsWith('{"error":true')
      ? (JSON.parse(ast) as { error_message: string; position?: string })
      : undefined;
    results.push(
      failed === undefined
        ? { ast }
        : {
            message: failed.error_message,
            offset: failed.position === undefined ? undefined : Number(failed.position),
          },
    );
  }
  return results;
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const json = /\{"exception_type".*\}/s.exec(message)?.[0];
    if (json === undefined) throw new ScratchError(messageOf(error), undefined);
    const detail = JSON.parse(json) as { exception_message: string; position?: string };
    const text = detail.exception_message.split(/\n\s*Candidate functions:/)[0] ?? '';
    throw new ScratchError(messageOf(text), detail.position === undefined ? undefined : Number(detail.position));
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function logicalOf(type: string): string {
  return DUCKDB_TYPES[type] ?? type.toLowerCase();
}

const DUCKDB_TYPES: Record<string, LogicalType> = {
  VARCHAR: 'text',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
  JSON: 'json',
};
