/**
 * What is in the database: columns of relations and of queries, relations of a schema.
 */
import type { Client } from 'pg';

import { qualified } from '../sql.ts';
import type { RelationName } from '../sql.ts';
import type { Column } from '../types.ts';
import { describeStatement } from './describe-statement.ts';
import { logicalType } from './types.ts';

/** Columns of a table or view, or null. */
export async function describe(connection: Client, relation: RelationName): Promise<Column[] | null> {
  const name = qualified(relation);
  const { rows } = await connection.query('select to_regclass($1) is not null as found', [name]);
  return (rows[0] as { found: boolean }).found ? describeQuery(connection, `select * from ${name}`) : null;
}

/** Columns a SELECT gives: the server parses and describes it, and does not run it. */
export async function describeQuery(connection: Client, sql: string): Promise<Column[]> {
  const fields = await describeStatement(connection, sql);
  const types = await typeNames(connection, [...new Set(fields.map((field) => field.dataTypeID))]);
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
    name,
    type: logicalType(name, dataTypeID, dataTypeModifier, types.get(dataTypeID)),
  }));
}

/** Tables and views of a schema, by name. */
export async function relations(connection: Client, schema: string): Promise<{ name: string; kind: 'table' | 'view' }[]> {
  const { rows } = await connection.query(
    `select c.relname::text as name, case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind
     from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p', 'f', 'v', 'm') order by c.relname::text collate "C"`,
    [schema],
  );
  return rows as { name: string; kind: 'table' | 'view' }[];
}

// --- internal ---

async function typeNames(connection: Client, oids: number[]): Promise<Map<number, string>> {
  const { rows } = await connection.query(
    'select oid::int as oid, format_type(oid, null) as name from pg_catalog.pg_type where oid = any($1::oid[])',
    [oids],
  );
  return new Map((rows as { oid: number; name: string }[]).map(({ oid, name }) => [oid, name]));
}
