/**
 * The floor of a build: the SQL it executes at last, and nothing else, by the engine's own client.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { Client } from 'pg';

import type { WarehouseConfig } from '../src/warehouse/config.ts';
import type { Session, Warehouse } from '../src/warehouse/contract.ts';

/** A warehouse that writes down what makes the tables of a build: functions, `create table as`, given rows, statistics. */
export function plainScript(warehouse: Warehouse): { warehouse: Warehouse; statements: string[] } {
  const statements: string[] = [];
  const recording = (session: Session): Session['execute'] => {
    return (sql, parameters) => {
      if (isOfTables(sql)) statements.push(sql);
      return session.execute(sql, parameters);
    };
  };
  const transaction: Warehouse['transaction'] = (work) =>
    warehouse.transaction((session) => work({ ...session, execute: recording(session) }));
  return { warehouse: { ...warehouse, execute: recording(warehouse), transaction }, statements };
}

/** Runs the statements in order, each on its own, as a script in a shell would. */
export async function runPlain(config: WarehouseConfig, statements: readonly string[]): Promise<void> {
  if (config.type === 'duckdb') {
    const instance = await DuckDBInstance.create(config.path, { temp_directory: `${config.path}.tmp` });
    const connection = await instance.connect();
    await connection.run(`set time zone 'UTC'`);
    for (const statement of statements) await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    return;
  }
  const client = new Client({ connectionString: config.url.reveal() });
  await client.connect();
  await client.query(`set time zone 'UTC'; set enable_nestloop = off`); // as the sessions of a build
  for (const statement of statements) await client.query(statement);
  await client.end();
}

// --- internal ---

/** Everything that makes tables, those that lead to connected components included; not what only tests or shows them. */
function isOfTables(sql: string): boolean {
  return (
    sql.startsWith('create schema ') ||
    /^create (or replace )?(macro|function) /i.test(sql) ||
    (/^(create (unlogged )?table|insert into|delete from|update|drop table|alter table|analyze) .*?"revops_store"\./.test(
      sql,
    ) &&
      !/^\S+ \S+ (if exists )?"revops_store"\."failing_rows_/.test(sql))
  );
}
