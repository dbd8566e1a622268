/**
 * What is in the database: columns of relations and of queries, relations of a schema.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { describeQuery } from './describe-query.ts';
import { rowReader } from './values.ts';

/**
 * Columns of a table or view, or null. The catalog is asked only about what cannot be described: DuckDB goes through
 * every relation of the database for that, each time.
 */
export async function describe(connection: DuckDBConnection, relation: RelationName): Promise<Column[] | null> {
  try {
    return await describeQuery(connection, `select * from ${qualified(relation)}`);
  } catch (error) {
    if (await exists(connection, relation)) throw error;
    return null;
  }
}

/** Tables and views of a schema, by name. */
export async function relations(
  connection: DuckDBConnection,
  schema: string,
): Promise<{ name: string; kind: 'table' | 'view' }[]> {
  return (await rows(
    connection,
    `select table_name as name, case table_type when 'VIEW' then 'view' else 'table' end as kind
     from information_schema.tables where table_catalog = current_database() and table_schema = $1 order by encode(table_name)`,
    [schema],
  )) as { name: string; kind: 'table' | 'view' }[];
}

// --- internal ---

async function exists(connection: DuckDBConnection, relation: RelationName): Promise<boolean> {
  const catalog = relation.schema === 'temp' ? 'temp' : null;
  const found = await rows(
    connection,
    `select 1 from information_schema.tables
     where table_name = $1 and (case when $3 is null then table_catalog = current_database() and table_schema = $2 else table_catalog = $3 end)`,
    [relation.name, relation.schema, catalog],
  );
  return found.length > 0;
}

async function rows(connection: DuckDBConnection, sql: string, parameters: (string | null)[]): Promise<object[]> {
  const result = await connection.run(sql, parameters);
  const read = rowReader(result);
  return (await result.fetchAllChunks()).flatMap(read);
}
