/**
 * What a query would give: Parse and Describe of the wire protocol, which the driver does not offer by itself.
 */
import type { Client, Connection, FieldDef, Submittable } from 'pg';

import type { Column } from '../types.ts';
import { logicalType } from './types.ts';

/** Columns a SELECT gives: the server parses and describes it, and does not run it. */
export async function describeQuery(connection: Client, sql: string): Promise<Column[]> {
  const fields = await describeStatement(connection, sql);
  const types = await typeNames(connection, [...new Set(fields.map((field) => field.dataTypeID))]);
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
    name,
    type: logicalType(name, dataTypeID, dataTypeModifier, types.get(dataTypeID)),
  }));
}

// --- internal ---

/** The columns a statement gives; none for one that gives no rows. Rejects with the server's error. */
function describeStatement(client: Client, sql: string): Promise<FieldDef[]> {
  return new Promise((resolve, reject) => {
    let fields: FieldDef[] = [];
    let failure: Error | null = null;
    const request = {
      submit(connection: Connection) {
        connection.parse({ name: '', text: sql, types: [] }, true);
        connection.describe({ type: 'S', name: '' }, true);
        connection.sync();
      },
      handleRowDescription(message: { fields: FieldDef[] }) {
        fields = message.fields;
      },
      handleError(error: Error) {
        failure = error;
        // The server skips to the sync that was sent; the driver expects no second one.
        reject(error);
      },
      handleReadyForQuery() {
        if (failure === null) resolve(fields);
      },
      // The driver sets a time limit through this.
      callback() {},
    };
    client.query(request as unknown as Submittable);
  });
}

async function typeNames(connection: Client, oids: number[]): Promise<Map<number, string>> {
  const { rows } = await connection.query(
    'select oid::int as oid, format_type(oid, null) as name from pg_catalog.pg_type where oid = any($1::oid[])',
    [oids],
  );
  return new Map((rows as { oid: number; name: string }[]).map(({ oid, name }) => [oid, name]));
}
