/**
 * Statements on DuckDB.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import type { Connections } from '../connections.ts';
import type { Session } from '../contract.ts';
import type { Row, Value } from '../types.ts';
import { describeQuery } from './describe-query.ts';
import { describe, relations } from './describe.ts';
import { statementError } from './errors.ts';
import { load } from './load.ts';
import { readStream } from './stream.ts';
import { bound, rowReader, rowsWritten } from './values.ts';

/** A session whose statements run on the connections given; `onFailure` is called when one fails. */
export function createSession(
  connections: Connections<DuckDBConnection>,
  location: string,
  onFailure: () => void = () => undefined,
): Session {
  async function on<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await connections.acquire('statement');
    try {
      return await work(connection);
    } catch (error) {
      onFailure();
      throw statementError(error, location);
    } finally {
      connections.release(connection);
    }
  }

  return {
    engine: 'duckdb',
    query: <R extends object = Row>(sql: string, parameters: readonly Value[] = []) =>
      on(async (connection) => {
        const result = await connection.run(sql, ...bound(parameters));
        const read = rowReader(result);
        const rows: Row[] = [];
        for (const chunk of await result.fetchAllChunks()) for (const row of read(chunk)) rows.push(row);
        return rows as R[];
      }),
    async *stream<R extends object = Row>(sql: string, parameters: readonly Value[] = []) {
      const connection = await connections.acquire('stream');
      try {
        yield* readStream<R>(connection, sql, parameters);
      } catch (error) {
        onFailure();
        throw statementError(error, location);
      } finally {
        connections.release(connection);
      }
    },
    execute: (sql, parameters = []) =>
      on(async (connection) => rowsWritten(await connection.run(sql, ...bound(parameters)))),
    script: (sql) => on(async (connection) => void (await connection.run(sql))),
    load: (table, columns, file, longestLine) =>
      on((connection) => load(connection, table, columns, file, longestLine)),
    describe: (relation) => on((connection) => describe(connection, relation)),
    describeQuery: (sql) => on((connection) => describeQuery(connection, sql)),
    relations: (...schemas) => on((connection) => relations(connection, schemas)),
  };
}
