/**
 * A DuckDB in memory: it parses models and compiles them on an empty catalog. No warehouse is touched.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { messageOf } from '../../errors.ts';
import type { LogicalType } from '../../warehouse/types.ts';

export interface Scratch {
  /** The serialised AST of each text, or where and why it is none. `offset` counts UTF-8 bytes. */
  parse(texts: readonly string[]): Promise<ParseResult[]>;
  /** Runs statements. Throws ScratchError. */
  run(script: string): Promise<void>;
  /** Names and types of SELECTs without running them; types outside the logical ones as DuckDB spells them. */
  describeAll(texts: readonly string[]): Promise<Described[]>;
  close(): void;
}

export type ParseResult = { ast: string } | { message: string; offset: number | undefined };

export type Described = { name: string; type: string }[] | ScratchError;

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
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', autoinstall_known_extensions: 'false' });
  const connection = await instance.connect();
  const second = await instance.connect();
  // the library's functions are found by their bare names; nothing runs, so nothing is worth optimising
  await connection.run('create schema revops');
  const settings = `set errors_as_json = true; set timezone = 'UTC'; set search_path = 'main,revops'; pragma disable_optimizer`;
  for (const one of [connection, second]) await one.run(settings);
  return {
    parse: (texts) => parse(connection, texts),
    run: async (script) => {
      await attempt(() => connection.run(script));
    },
    describeAll: async (texts) => {
      const results: Described[] = [];
      let next = 0;
      const work = async (one: DuckDBConnection): Promise<void> => {
        for (let at = next++; at < texts.length; at = next++) results[at] = await describe(one, texts[at] ?? '');
      };
      await Promise.all([work(connection), work(second)]);
      return results;
    },
    close: () => {
      connection.closeSync();
      second.closeSync();
      instance.closeSync();
    },
  };
}

// --- internal ---

/** One call for many texts: a call of its own costs more than the parsing of one. */
const PARSED_AT_ONCE = 200;

async function parse(connection: DuckDBConnection, texts: readonly string[]): Promise<ParseResult[]> {
  if (texts.length === 0) return [];
  const { LIST, VARCHAR, listValue } = await import('@duckdb/node-api');
  const statement = await connection.prepare(
    'select json_serialize_sql(cast(text as varchar)) as ast from (select unnest($1) as text)',
  );
  const results: ParseResult[] = [];
  for (let from = 0; from < texts.length; from += PARSED_AT_ONCE) {
    statement.bindList(1, listValue(texts.slice(from, from + PARSED_AT_ONCE)), LIST(VARCHAR));
    for (const [ast] of (await statement.runAndReadAll()).getRowsJson()) results.push(resultOf(textIn(ast)));
  }
  return results;
}

function resultOf(ast: string): ParseResult {
  // only the head is read: errors are short, an AST is long
  if (!ast.startsWith('{"error":true')) return { ast };
  const { error_message: message, position } = JSON.parse(ast) as { error_message: string; position?: string };
  return { message, offset: position === undefined ? undefined : Number(position) };
}

async function describe(connection: DuckDBConnection, sql: string): Promise<Described> {
  try {
    const statement = await attempt(() => connection.prepare(sql));
    const columns = Array.from({ length: statement.columnCount }, (_, index) => {
      const type = statement.columnType(index);
      // json is text by another name
      return { name: statement.columnName(index), type: logicalOf(type.alias ?? type.toString()) };
    });
    const isOpen = statement.parameterCount > 0;
    statement.destroySync();
    return isOpen ? new ScratchError('a parameter ($1 or ?): nobody gives it a value', undefined) : columns;
  } catch (error) {
    if (error instanceof ScratchError) return error;
    throw error;
  }
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
