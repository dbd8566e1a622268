/**
 * A process that builds, takes the build back, and ends itself with SIGKILL right before a statement.
 * Arguments: warehouse as JSON, folder of the models, number of the statement. Without a number all are printed, as JSON.
 */
import { join } from 'node:path';

import { build, readModelProject, rollback } from '../../src/model/index.ts';
import { Secret } from '../../src/secret.ts';
import type { Session, Warehouse } from '../../src/warehouse/contract.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';

const [where = '', folder = '', deadly = ''] = process.argv.slice(2);
const passed: string[] = [];

function pass(statement: string): void {
  if (String(passed.length) === deadly) process.kill(process.pid, 'SIGKILL');
  passed.push(statement);
}

/** The session, passing a boundary before every statement. */
function counted<S extends Session>(session: S, at: (statement: string) => void = pass): S {
  return {
    ...session,
    query: (sql: string, parameters: []) => (at(sql), session.query(sql, parameters)),
    execute: (sql: string, parameters: []) => (at(sql), session.execute(sql, parameters)),
    script: (sql: string) => (at(sql), session.script(sql)),
  };
}

/**
 * The boundaries of a transaction. Records of relations are written when some time has passed, too: a number given to them
 * would be another's in the next run, so they have none.
 */
function boundaries(): (statement: string) => void {
  let isOfRecords: boolean | undefined;
  return (statement) => {
    if (isOfRecords === undefined) {
      isOfRecords = statement.includes('"revops"."model_runs"');
      if (!isOfRecords) pass('begin');
    }
    if (!isOfRecords) pass(statement);
  };
}

const plain = JSON.parse(where) as { type: 'duckdb'; path: string } | { type: 'postgres'; url: string };
const opened = await openWarehouse(
  plain.type === 'duckdb' ? plain : { ...plain, url: new Secret(plain.url, 'drill'), poolSize: 4 },
);
const warehouse: Warehouse = {
  ...counted(opened),
  transaction: (work) =>
    opened.transaction(async (session) => {
      const at = boundaries();
      const result = await work(counted(session, at));
      at('commit');
      return result;
    }),
};
const project = await readModelProject([
  { origin: 'revops', models: join(folder, 'models'), sql: join(folder, 'sql') },
]);
const now = (): Date => new Date('2026-03-01T12:00:00Z');
await build({ warehouse, project, inputs: {}, now, runId: 'drill', rebuildShare: Infinity });
pass('built');
await rollback({ warehouse, keepLedgers: true });
pass('rolled back');
await opened.close();
console.log(JSON.stringify(passed));
