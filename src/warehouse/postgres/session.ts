/**
 * Statements on Postgres.
 */
import type { Client, QueryResult } from 'pg';

import type { Connections } from '../connections.ts';
import type { Session } from '../contract.ts';
import type { Row, Value } from '../types.ts';
import { describeQuery } from './describe-query.ts';
import { describe, relations } from './describe.ts';
import { statementError } from './errors.ts';
import { load } from './load.ts';
import { readStream } from './stream.ts';

/** A session whose statements run on the connections given; `inTransaction`: on the one of a transaction. */
export function createSession(connections: Connections<Client>, location: string, inTransaction: boolean): Session {
  async function on<T>(work: (connection: Client) => Promise<T>): Promise<T> {
    const connection = await connections.acquire('statement');
    try {
      return await work(connection);
    } catch (error) {
      throw statementError(error, location);
    } finally {
      connections.release(connection);
    }
  }

  return {
    engine: 'postgres',
    query: <R extends object = Row>(sql: string, parameters: readonly Value[] = []) =>
      on(async (connection) => (await connection.query(sql, parameters.map(parameterText))).rows as R[]),
    async *stream<R extends object = Row>(sql: string, parameters: readonly Value[] = []) {
      const connection = await connections.acquire('stream');
      try {
        yield* readStream<R>(connection, sql, parameters.map(parameterText), inTransaction);
      } catch (error) {
        throw statementError(error, location);
      } finally {
        connections.release(connection);
      }
    },
    execute: (sql, parameters = []) =>
      on(async (connection) => {
        const result = await connection.query(sql, parameters.map(parameterText));
        return CHANGES.has(result.command) || isMadeTable(result) ? (result.rowCount ?? 0) : 0;
      }),
    script: (sql) => on(async (connection) => void (await connection.query(sql))),
    load: (table, columns, file) => on((connection) => load(connection, table, columns, file)),
    describe: (relation) => on((connection) => describe(connection, relation)),
    describeQuery: (sql) => on((connection) => describeQuery(connection, sql)),
    relations: (...schemas) => on((connection) => relations(connection, schemas)),
  };
}

// --- internal ---

const CHANGES = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY']);

/** `create table … as` answers as a SELECT does, but gives no columns. */
function isMadeTable({ command, fields }: QueryResult): boolean {
  return command === 'SELECT' && fields.length === 0;
}

function parameterText(value: Value): string | null {
  return value === null ? null : String(value);
}
