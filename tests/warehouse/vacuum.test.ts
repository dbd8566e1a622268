import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, linkSync, lstatSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { vacuumFile } from '../../src/warehouse/duckdb/vacuum.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { engines, openTestWarehouse } from '../support/warehouses.ts';

async function fill(warehouse: Warehouse): Promise<void> {
  await warehouse.execute('create schema revops_store');
  await warehouse.execute('create schema marts');
  for (let round = 1; round <= 6; round += 1) {
    await warehouse.execute(
      `create table revops_store.t${round} as select cast(n as bigint) as n, cast(n * ${round} as text) as words from generate_series(1, 200000) as listed(n)`,
    );
    if (round > 1) await warehouse.execute(`drop table revops_store.t${round - 1}`);
  }
  await warehouse.transaction((session) =>
    warehouse.publish(session, [
      {
        view: { schema: 'marts', name: 'shown' },
        sql: 'select n, words from revops_store.t6',
        columns: [],
        description: 'What people see.',
      },
    ]),
  );
}

describe.each(engines)('%s', (engine) => {
  it('takes less space once vacuumed, and holds what it held', async () => {
    const { warehouse, dispose } = await openTestWarehouse(engine);
    await fill(warehouse);
    await warehouse.execute('delete from revops_store.t6 where n > 1000');
    const before = await warehouse.query('select count(*) as rows, sum(n) as total from marts.shown');
    expect(await warehouse.vacuum({ above: 1000, atLeastBytes: 0 })).toBeNull();
    const bytes = await warehouse.vacuum();
    expect(bytes?.after).toBeLessThan((bytes?.before ?? 0) / 2);
    expect(await warehouse.query('select count(*) as rows, sum(n) as total from marts.shown')).toEqual(before);
    const comment =
      engine === 'duckdb'
        ? `select comment from duckdb_views() where view_name = 'shown'`
        : `select obj_description('marts.shown'::regclass) as comment`;
    expect(await warehouse.query(comment)).toEqual([{ comment: 'What people see.' }]);
    await warehouse.execute('create table revops_store.later as select 1 as one');
    expect(await warehouse.query('select one from revops_store.later')).toEqual([{ one: 1 }]);
    await dispose();
  });
});

describe('duckdb', () => {
  it('A vacuum that ends at any step leaves the old file or the new one, and what it leaves is removed', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    await fill(warehouse);
    const rows = await warehouse.query('select count(*) as rows, sum(n) as total from marts.shown');
    await warehouse.close();
    const { openWarehouse } = await import('../../src/warehouse/index.ts');
    const options = { path: config.path, location: 'here', settings: { threads: '2' }, lockTimeoutMs: 1000 };
    const full = statSync(config.path).size;
    for (const last of ['copied', 'compared', 'renamed']) {
      const stop = (step: string): void => {
        if (step === last) throw new Error('stopped');
      };
      await expect(vacuumFile(options, stop)).rejects.toThrow('stopped');
      expect(statSync(config.path).size < full).toBe(last === 'renamed');
      const again = await openWarehouse(config);
      expect(await again.query('select count(*) as rows, sum(n) as total from marts.shown')).toEqual(rows);
      await again.close();
    }
    // what a kill leaves: half a copy, with a log of its own
    writeFileSync(`${config.path}.vacuum`, randomBytes(100_000));
    writeFileSync(`${config.path}.vacuum.wal`, randomBytes(100));
    await vacuumFile(options);
    expect([existsSync(`${config.path}.vacuum`), existsSync(`${config.path}.vacuum.wal`)]).toEqual([false, false]);
    await dispose();
  });

  it('A file whose log has not come into it is left alone', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    await warehouse.execute('create table t as select 1 as one');
    await warehouse.close();
    writeFileSync(`${config.path}.wal`, 'a log');
    const options = { path: config.path, location: 'here', settings: {}, lockTimeoutMs: 0 };
    await expect(vacuumFile(options)).rejects.toMatchObject({ code: 'WAREHOUSE_FAILED' });
    await dispose();
  });

  it('A file stays where its link leads, and as private as it was', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    await fill(warehouse);
    await warehouse.close();
    const real = `${config.path}.real`;
    renameSync(config.path, real);
    symlinkSync(real, config.path);
    chmodSync(real, 0o600);
    const before = statSync(real).size;
    await vacuumFile({ path: config.path, location: 'here', settings: { threads: '2' }, lockTimeoutMs: 0 });
    expect(lstatSync(config.path).isSymbolicLink()).toBe(true);
    expect(statSync(real).size).toBeLessThan(before);
    expect((statSync(real).mode & 0o777).toString(8)).toBe('600');
    await dispose();
  });

  it('A file with another name is left alone: that would stay the old one', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    await warehouse.execute('create table t as select 1 as one');
    linkSync(config.path, `${config.path}.other`);
    await expect(warehouse.vacuum()).rejects.toMatchObject({
      code: 'WAREHOUSE_FAILED',
      message: expect.stringContaining('has 2 names (hard links)'),
    });
    expect(await warehouse.query('select one from t')).toEqual([{ one: 1 }]);
    expect(statSync(config.path).nlink).toBe(2);
    await dispose();
  });

  it('Tables that cannot be copied leave the file as it was, and no data in the message', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    // copied in any order: one in 5040 is the right one
    for (let table = 0; table < 7; table += 1) {
      const above = table === 0 ? '' : ` references t${table - 1} (email)`;
      await warehouse.execute(`create table t${table} (email text primary key${above})`);
      await warehouse.execute(`insert into t${table} values ('ann@example.com')`);
    }
    const refusal: unknown = await warehouse.vacuum().catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'WAREHOUSE_FAILED',
      message: expect.stringContaining(
        'has tables with foreign keys, which cannot be copied: main.t1 to t0, main.t2 to t1',
      ),
    });
    expect(String((refusal as Error).cause)).not.toContain('ann@');
    expect((refusal as Error).message).not.toContain('ann@');
    expect(await warehouse.query('select email from t6')).toHaveLength(1);
    expect(existsSync(`${config.path}.vacuum`)).toBe(false);
    await dispose();
  });

  it('What a killed process leaves in the log while the vacuum waits for it is neither lost nor applied twice', async () => {
    const { warehouse, config, dispose } = await openTestWarehouse('duckdb');
    if (config.type !== 'duckdb') throw new TypeError('no DuckDB');
    await fill(warehouse);
    await warehouse.execute('create table sums as select 1 as n');
    await warehouse.close();
    const other = spawn(process.execPath, ['--input-type=module', '-e', OTHER, config.path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    const vacuumed = vacuumFile({ path: config.path, location: 'here', settings: {}, lockTimeoutMs: 20_000 });
    const refused = expect(vacuumed).rejects.toMatchObject({ code: 'WAREHOUSE_FAILED' });
    other.stdin.write('insert');
    await once(other, 'exit');
    await refused;
    const { openWarehouse } = await import('../../src/warehouse/index.ts');
    const again = await openWarehouse(config);
    expect(await again.query('select n from sums order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    await again.close();
    await dispose();
  });
});

/** Another program that has the file open, writes into it when told, and is killed. */
const OTHER = `
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(process.argv[1])).connect();
  process.stdin.once('data', async () => {
    await new Promise((done) => setTimeout(done, 300));
    await connection.run('insert into sums values (2)');
    process.kill(process.pid, 'SIGKILL');
  });
  process.stdout.write('open');
`;
