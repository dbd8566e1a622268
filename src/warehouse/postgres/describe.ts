/**
 * What is in the database: columns of relations and of queries, relations of a schema.
 */
import type { Client } from 'pg';

import { qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { describeQuery } from './describe-query.ts';

/** Columns of a table or view, or null. */
export async function describe(connection: Client, relation: RelationName): Promise<Column[] | null> {
  const name = qualified(relation);
  const { rows } = await connection.query('select to_regclass($1) is not null as found', [name]);
  return (rows[0] as { found: boolean }).found ? describeQuery(connection, `select * from ${name}`) : null;
}

/** Tables and views of schemas, by schema and name. */
export async function relations(
  connection: Client,
  schemas: readonly string[],
): Promise<(RelationName & { kind: 'table' | 'view' })[]> {
  const { rows } = await connection.query(
    `select n.nspname::text as schema, c.relname::text as name, case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind in ('r', 'p', 'f', 'v', 'm')
     order by n.nspname::text collate "C", c.relname::text collate "C"`,
    [schemas],
  );
  return rows as (RelationName & { kind: 'table' | 'view' })[];
}
