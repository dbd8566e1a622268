/**
 * What is in the database: columns of relations and of queries, relations of a schema.
 */
import type { DuckDBConnection } from '@duckdb/node-api';

import { literal, qualified } from '../sql.ts';
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

/** Tables and views of schemas, by schema and name. */
export async function relations(
  connection: DuckDBConnection,
  schemas: readonly string[],
): Promise<(RelationName & { kind: 'table' | 'view' })[]> {
  if (schemas.length === 0) return [];
  const found = await rows(
    connection,
    `select * from (${EVERYTHING}) as relations
     where database = current_database() and "schema" in (${schemas.map(literal).join(', ')})
     order by encode("schema"), encode(name)`,
  );
  return found.map(({ schema, name, kind }) => ({ schema, name, kind }));
}

// --- internal ---

async function exists(connection: DuckDBConnection, relation: RelationName): Promise<boolean> {
  const { schema, name } = relation;
  const isThere =
    schema === 'temp' ? `database = 'temp'` : `database = current_database() and "schema" = ${literal(schema)}`;
  const found = await rows(
    connection,
    `select * from (${EVERYTHING}) as relations where name = ${literal(name)} and ${isThere}`,
  );
  return found.length > 0;
}

/** Half the work of `information_schema.tables`. */
const EVERYTHING = `
  select database_name as database, schema_name as "schema", table_name as name, 'table' as kind from duckdb_tables()
  union all
  select database_name, schema_name, view_name, 'view' from duckdb_views()`;

async function rows(connection: DuckDBConnection, sql: string): Promise<(RelationName & { kind: 'table' | 'view' })[]> {
  const result = await connection.run(sql);
  const read = rowReader(result);
  return (await result.fetchAllChunks()).flatMap(read) as never[];
}
