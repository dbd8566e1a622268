import { chmod, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { DuckdbConfig } from '../../../src/warehouse/config.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import { startWarehouseProcess } from '../../support/warehouse-process.ts';

describe('a DuckDB file', () => {
  let folder: string;
  let config: DuckdbConfig;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'revops-test-'));
    config = { type: 'duckdb', path: join(folder, 'w.duckdb') };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is given free when idle, so that another process can write, and taken again when needed', async () => {
    const warehouse = await openWarehouse(config);
    await warehouse.execute('create table t (i integer)');
    const other = await startWarehouseProcess(config, 'write');
    expect(await warehouse.query('select i from written')).toEqual([{ i: 1 }]);
    await other.kill();
    await warehouse.close();
  });

  it('is not given free in the middle of a transaction or a stream', async () => {
    const warehouse = await openWarehouse(config);
    const impatient = { ...config };
    await warehouse.transaction(async (session) => {
      await session.execute('create table t as select i from generate_series(1, 10000) as g(i)');
      await sleep(600);
      expect(await session.query('select count(*) as n from t')).toEqual([{ n: 10_000 }]);
    });
    let rows = 0;
    for await (const chunk of warehouse.stream('select i from t')) {
      if (rows === 0) await sleep(600);
      rows += chunk.length;
    }
    expect(rows).toBe(10_000);
    await warehouse.close();
    const again = await openWarehouse(impatient);
    expect(await again.query('select count(*) as n from t')).toEqual([{ n: 10_000 }]);
    await again.close();
  });

  it('held by another process is waited for, then told with its process id', async () => {
    const holder = await startWarehouseProcess(config, 'transaction');
    const warehouse = await openWarehouse(config, { lockTimeoutMs: 300 });
    await expect(warehouse.query('select 1')).rejects.toMatchObject({
      code: 'WAREHOUSE_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(new RegExp(`w\\.duckdb is open in process ${holder.pid} .*waited 0\\.[3-9] s`)),
    });
    const patient = await openWarehouse(config, { lockTimeoutMs: 20_000 });
    const answer = patient.query('select 1 as i');
    await sleep(200);
    await holder.kill();
    expect(await answer).toEqual([{ i: 1 }]);
    await warehouse.close();
    await patient.close();
  });

  it('has its log written into it when it is closed', async () => {
    const warehouse = await openWarehouse(config);
    await warehouse.execute('create table t as select i from generate_series(1, 1000) as g(i)');
    expect((await stat(`${config.path}.wal`)).size).toBeGreaterThan(0);
    await sleep(700);
    await expect(stat(`${config.path}.wal`)).rejects.toMatchObject({ code: 'ENOENT' });
    await warehouse.execute('insert into t values (0)');
    await warehouse.close();
    await expect(stat(`${config.path}.wal`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('can be read while it may not be written', async () => {
    const writer = await startWarehouseProcess(config, 'write');
    await writer.kill();
    const reader = await openWarehouse(config, { readOnly: true });
    expect(await reader.query('select i from written')).toEqual([{ i: 1 }]);
    await expect(reader.execute('insert into written values (2)')).rejects.toMatchObject({
      code: 'WAREHOUSE_READ_ONLY',
    });
    await reader.close();
  });

  it('that this user may not write is told as read-only', async () => {
    const warehouse = await openWarehouse(config);
    await warehouse.execute('create table t (i integer)');
    await warehouse.close();
    await chmod(folder, 0o755);
    await chmod(config.path, 0o444);
    const other = await startWarehouseProcess({ ...config, temporaryFolder: tmpdir() }, 'unprivileged');
    expect((await other.output()).split('\n').map((line) => line.slice(0, 19))).toEqual([
      'WAREHOUSE_READ_ONLY',
      'WAREHOUSE_READ_ONLY',
      '',
    ]);
  });

  it('in a folder that this user may not write is told as read-only', async () => {
    const warehouse = await openWarehouse(config);
    await warehouse.execute('create table t (i integer)');
    await warehouse.close();
    await chmod(config.path, 0o666);
    await chmod(folder, 0o555);
    const other = await startWarehouseProcess({ ...config, temporaryFolder: tmpdir() }, 'unprivileged');
    expect(await other.output()).toMatch(/^fine\nWAREHOUSE_READ_ONLY: .*w\.duckdb/);
    await chmod(folder, 0o755);
  });

  it('that is damaged says so, and what to do, when it is opened and when it is read', async () => {
    const warehouse = await openWarehouse(config);
    await warehouse.execute(
      'create table t as select i, md5(cast(i as text)) as x from generate_series(1, 50000) as g(i)',
    );
    await warehouse.close();
    const { size } = await stat(config.path);
    const file = await open(config.path, 'r+');
    await file.write(Buffer.alloc(size - 300_000, 7), 0, size - 300_000, 150_000);
    await file.close();
    const damaged = { message: expect.stringMatching(/w\.duckdb is damaged: /), hint: expect.stringMatching(/backup/) };
    const reader = await openWarehouse(config, { readOnly: true });
    await expect(reader.query('select max(x) as x from t')).rejects.toMatchObject(damaged);
    await reader.close();
    await truncate(config.path, 100_000);
    const other = await openWarehouse(config, { readOnly: true });
    await expect(other.query('select 1')).rejects.toMatchObject({ ...damaged, code: 'WAREHOUSE_UNREACHABLE' });
    await other.close();
  });

  it('that is only read leads to no other file of the machine', async () => {
    const writer = await openWarehouse(config);
    await writer.execute('create table t (i integer)');
    await writer.close();
    const reader = await openWarehouse(config, { readOnly: true });
    for (const sql of ["select * from read_csv('/etc/passwd')", "select * from read_text('/etc/hostname')"])
      await expect(reader.query(sql)).rejects.toMatchObject({ code: 'WAREHOUSE_READ_ONLY' });
    expect(await reader.query('select count(*) as n from t')).toEqual([{ n: 0 }]);
    await reader.close();
  });

  it('that is missing, elsewhere or something else gets a clear error', async () => {
    const failing = async (path: string, readOnly = false): Promise<unknown> => {
      const warehouse = await openWarehouse({ type: 'duckdb', path }, { readOnly });
      const error: unknown = await warehouse.query('select 1').catch((thrown: unknown) => thrown);
      await warehouse.close();
      return error;
    };
    const code = 'WAREHOUSE_UNREACHABLE';
    await writeFile(join(folder, 'notes.txt'), 'not a database');
    expect(await failing(join(folder, 'notes.txt'))).toMatchObject({
      code,
      message: expect.stringMatching(/notes\.txt is not a DuckDB database file$/),
    });
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('not a database');
    expect(await failing(folder)).toMatchObject({
      code,
      message: expect.stringMatching(/is not a DuckDB database file$/),
    });
    expect(await failing(join(folder, 'no', 'w.duckdb'))).toMatchObject({
      code,
      message: expect.stringMatching(/its folder does not exist$/),
    });
    expect(await failing(join(folder, 'new.duckdb'), true)).toMatchObject({
      code,
      message: expect.stringMatching(/does not exist yet$/),
    });
  });

  it('left unfinished by a process killed while making it is made anew', async () => {
    await (await open(config.path, 'w')).close();
    const warehouse = await openWarehouse(config);
    await warehouse.execute('create table t (i integer)');
    await warehouse.close();
    await truncate(config.path, 4096);
    const again = await openWarehouse(config);
    expect(await again.relations('main')).toEqual([]);
    await again.close();
  });

  it('stays open in memory', async () => {
    const warehouse = await openWarehouse({ type: 'duckdb', path: ':memory:' });
    await warehouse.execute('create table t (i integer)');
    await sleep(400);
    expect(await warehouse.describe({ schema: 'main', name: 't' })).toEqual([{ name: 'i', type: 'integer' }]);
    await warehouse.close();
  });

  it('is read in UTC whatever the time zone of the machine', async () => {
    const warehouse = await openWarehouse(config);
    expect(
      await warehouse.query(
        "select cast(timestamptz '2026-01-01 00:30:00+00' as text) as t, current_setting('timezone') as zone",
      ),
    ).toEqual([{ t: '2026-01-01 00:30:00+00', zone: 'UTC' }]);
    await warehouse.close();
  });
});
