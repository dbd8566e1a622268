/**
 * What `startWarehouseProcess` runs: `warehouse-process-main.ts <task> <config as JSON>`.
 */
import { Secret } from '../../src/secret.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';

const [task, json] = process.argv.slice(2);
const plain = JSON.parse(json ?? '{}') as { type: string; url: string };
const config = (
  plain.type === 'postgres' ? { ...plain, url: new Secret(plain.url, 'argument') } : plain
) as WarehouseConfig;

// Keeps the process alive until it is killed.
const alive = setInterval(() => undefined, 1_000);

if (task === 'unprivileged') {
  // Everything is loaded while it may still be read.
  await (await openWarehouse({ type: 'duckdb', path: ':memory:' })).query('select 1');
  if (process.getuid?.() === 0) process.seteuid?.(65_534);
}
const warehouse = await openWarehouse(config);
if (task === 'lease') {
  await warehouse.lease('sync', 0);
  console.log('ready');
}
if (task === 'write') {
  await warehouse.execute('create table if not exists written (i integer)');
  await warehouse.execute('insert into written values (1)');
  console.log('ready');
}
if (task === 'transaction') {
  await warehouse.transaction(async (session) => {
    await session.execute('create table half (i integer)');
    console.log('ready');
    await new Promise(() => undefined);
  });
}
if (task === 'unprivileged') {
  for (const sql of ['select count(*) as n from t', 'insert into t values (2)']) {
    const told = await warehouse.execute(sql).then(
      () => 'fine',
      (error: unknown) => `${(error as { code: string }).code}: ${(error as Error).message}`,
    );
    console.log(told);
  }
  clearInterval(alive);
  await warehouse.close();
}
