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
  const execute: Session['execute'] = (sql, parameters) => {
    if (isOfTables(sql)) statements.push(sql);
    return warehouse.execute(sql, parameters);
  };
  return { warehouse: { ...warehouse, execute }, statements };
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
  await client.query(`set time zone 'UTC'`);
  for (const statement of statements) await client.query(statement);
  await client.end();
}

// --- internal ---

/** Tables that stay, `x__b1` and `x__kept`; no table that a build only works with. */
function isOfTables(sql: string): boolean {
  return (
    sql.startsWith('create schema ') ||
    /^create (or replace )?(macro|function) /i.test(sql) ||
    /^(create table|insert into|analyze) (if not exists )?"revops_store"\."\w+__(b\d+|kept)"/.test(sql)
  );
}
