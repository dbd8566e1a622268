import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Client } from 'pg';

import { Secret } from '../../../src/secret.ts';
import type { PostgresConfig } from '../../../src/warehouse/config.ts';
import type { Publication } from '../../../src/warehouse/contract.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import { publish } from '../../../src/warehouse/postgres/publish.ts';
import { openTestWarehouse } from '../../support/warehouses.ts';
import type { TestWarehouse } from '../../support/warehouses.ts';

describe('a Postgres server', () => {
  let test: TestWarehouse;
  let url: URL;
  beforeEach(async () => {
    test = await openTestWarehouse('postgres');
    url = new URL((test.config as PostgresConfig).url.reveal());
  });
  afterEach(() => test.dispose());

  const opening = (changed: Partial<URL>): Promise<unknown> => {
    const other = Object.assign(new URL(url), changed);
    return openWarehouse({ type: 'postgres', url: new Secret(other.href, 'env TEST') }).then(
      () => 'opened',
      (error: unknown) => error,
    );
  };

  it('that cannot be reached is told with its place and without the password', async () => {
    const password = 'canary-password';
    const closed = await opening({ port: '1', password });
    expect(closed).toMatchObject({
      code: 'WAREHOUSE_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(
        new RegExp(`^postgres://127.0.0.1:1${url.pathname} cannot be reached: .*ECONNREFUSED`),
      ),
    });
    const refused = await opening({ username: 'nobody_knows', password });
    expect(refused).toMatchObject({
      code: 'WAREHOUSE_UNREACHABLE',
      retryable: false,
      message: expect.stringMatching(/refused the connection: .*nobody_knows/),
    });
    const absent = await opening({ pathname: '/absent_database' });
    expect(absent).toMatchObject({
      code: 'WAREHOUSE_UNREACHABLE',
      message: expect.stringMatching(/database "absent_database" does not exist/),
    });
    const unknown = await opening({ hostname: 'host.invalid', password });
    expect(unknown).toMatchObject({ code: 'WAREHOUSE_UNREACHABLE' });
    for (const error of [closed, refused, unknown])
      expect(`${String(error)}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(password);
    await expect(openWarehouse({ type: 'postgres', url: new Secret('mysql://x', 'env TEST') })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });

  it('that ends a connection fails the statement on it and serves the next', async () => {
    const { warehouse } = test;
    const ended = warehouse.query('select pg_terminate_backend(pg_backend_pid())');
    await expect(ended).rejects.toMatchObject({ code: 'WAREHOUSE_UNREACHABLE', retryable: true });
    await expect(
      warehouse.transaction(async (session) => {
        await session.execute('create table half (i integer)');
        await session.query('select pg_terminate_backend(pg_backend_pid())');
      }),
    ).rejects.toMatchObject({ code: 'WAREHOUSE_UNREACHABLE' });
    expect(await warehouse.describe({ schema: 'public', name: 'half' })).toBe(null);
    for (let i = 0; i < 8; i += 1) expect(await warehouse.query('select 1 as i')).toEqual([{ i: 1 }]);
  });

  it('that ends the connection of a lease tells its holder', async () => {
    const { warehouse } = test;
    const lease = await warehouse.lease('sync', 0);
    lease.assertHeld();
    const lost = lease.lost.catch((error: unknown) => error);
    await warehouse.query('select pg_terminate_backend(backend_pid) from revops.lease');
    const ended = performance.now();
    expect(await lost).toMatchObject({ code: 'LEASE_LOST', retryable: true });
    // At once, not with the next sign of life.
    expect(performance.now() - ended).toBeLessThan(1_000);
    expect(() => lease.assertHeld()).toThrow(/the lease on postgres:.* was lost/);
    await lease.release();
    await (await warehouse.lease('sync', 1_000)).release();
  });

  it('keeps a user without rights out with a clear error', async () => {
    const { warehouse } = test;
    const role = `reader_${url.pathname.slice(-8)}`;
    await warehouse.execute(`create role ${role} login password 'reader-password'`);
    const reader = await openWarehouse({
      type: 'postgres',
      url: new Secret(Object.assign(new URL(url), { username: role, password: 'reader-password' }).href, 'test'),
    });
    try {
      await expect(reader.execute('create schema mine')).rejects.toMatchObject({
        code: 'WAREHOUSE_READ_ONLY',
        hint: expect.stringMatching(/Grant/),
      });
    } finally {
      await reader.close();
      await warehouse.execute(`drop role ${role}`);
    }
    const careful = await openWarehouse(test.config, { readOnly: true });
    await expect(careful.execute('create schema mine')).rejects.toMatchObject({ code: 'WAREHOUSE_READ_ONLY' });
    await careful.close();
  });

  it("leaves the driver's own parsers alone", async () => {
    const client = new Client({ connectionString: url.href });
    await client.connect();
    const { rows } = await client.query("select 1::bigint as i, timestamptz '2026-01-01Z' as t");
    expect(rows[0]).toEqual({ i: '1', t: new Date('2026-01-01Z') });
    await client.end();
  });

  it('gives arrays, bytes and moments without zone as values', async () => {
    const [row] = await test.warehouse.query(
      "select array['a', null, 'b \"q\"'] as t, array[[1, 2], [3, 4]] as i, array[1.50, null]::numeric[] as n, '\\x00ff'::bytea as b, timestamp '2026-01-01 10:00' as m, 'infinity'::timestamptz as e",
    );
    expect(row).toEqual({
      t: ['a', null, 'b "q"'],
      i: [
        [1, 2],
        [3, 4],
      ],
      n: ['1.50', null],
      b: Buffer.from([0, 255]),
      m: '2026-01-01T10:00:00.000000',
      e: 'infinity',
    });
  });
});

describe('publication on Postgres', () => {
  let test: TestWarehouse;
  const role = `analyst_${process.pid}`;
  beforeEach(async () => {
    test = await openTestWarehouse('postgres');
    await test.warehouse.script(
      `create role ${role}; create schema v; create table v.a as select 1 as i, 'x'::text as t; create table v.b as select 2 as i, 'y'::text as t, true as added; create table v.c as select 3 as i`,
    );
  });
  afterEach(async () => {
    await test.warehouse.script(`drop owned by ${role}; drop role ${role}`);
    await test.dispose();
  });

  const show = (table: string, columns: string): Publication => ({
    view: { schema: 'marts', name: 'cac' },
    sql: `select ${columns} from v.${table}`,
    columns: [],
    description: `from ${table}`,
  });
  const flip = (...publications: Publication[]) =>
    test.warehouse.transaction((session) => test.warehouse.publish(session, publications));
  const comment = async () =>
    (await test.warehouse.query("select obj_description('marts.cac'::regclass) as text"))[0]?.['text'];
  const canRead = async () =>
    (await test.warehouse.query(`select has_table_privilege('${role}', 'marts.cac', 'select') as may`))[0]?.['may'];

  it("keeps grants and people's views where columns are only appended", async () => {
    await flip(show('a', 'i, t'));
    await test.warehouse.script(
      `grant select on marts.cac to ${role}; create view public.mine as select i from marts.cac`,
    );
    expect(await flip(show('b', 'i, t, added'))).toEqual({ recreated: [] });
    expect(await test.warehouse.query('select i from public.mine')).toEqual([{ i: 2 }]);
    expect([await canRead(), await comment()]).toEqual([true, 'from b']);
  });

  it('grants again what it had granted where a view must be made anew, also on views that stand on it', async () => {
    const standing: Publication = {
      ...show('a', ''),
      view: { schema: 'marts', name: 'standing' },
      sql: 'select i from marts.cac',
    };
    await flip(show('b', 'i, t, added'), standing);
    await test.warehouse.script(
      `grant select on marts.cac to ${role} with grant option; grant select on marts.cac, marts.standing to public`,
    );
    expect(await flip(show('c', 'i'), standing)).toEqual({ recreated: [{ schema: 'marts', name: 'cac' }] });
    expect(await test.warehouse.query('select i from marts.standing')).toEqual([{ i: 3 }]);
    const grants = `select r.relname::text as view, a.grantee::regrole::text as grantee, a.is_grantable as option from pg_class r, aclexplode(r.relacl) a
      where r.relnamespace = 'marts'::regnamespace and a.grantee <> r.relowner order by 1, 2`;
    expect(await test.warehouse.query(grants)).toEqual([
      { view: 'cac', grantee: '-', option: false },
      { view: 'cac', grantee: role, option: true },
      { view: 'standing', grantee: '-', option: false },
    ]);
  });

  it("refuses to break people's views, names them, and leaves the old state", async () => {
    await flip(show('a', 'i, t'));
    await test.warehouse.script(
      'create view public.mine as select t from marts.cac; create materialized view public.copied as select * from public.mine',
    );
    await expect(flip(show('c', 'i'))).rejects.toMatchObject({
      code: 'WAREHOUSE_FAILED',
      message: 'columns of "marts"."cac" change, and these views stand on them: "public"."copied", "public"."mine"',
    });
    expect(await test.warehouse.query('select i, t from marts.cac')).toEqual([{ i: 1, t: 'x' }]);
    expect(await comment()).toBe('from a');
  });

  it("drops views that stand on each other together, and refuses, by name, those people's views stand on", async () => {
    const view = { schema: 'marts', name: 'cac' };
    const standing = { schema: 'marts', name: 'standing' };
    const missing = { schema: 'marts', name: 'missing' };
    await flip(show('a', 'i, t'), { ...show('a', ''), view: standing, sql: 'select i from marts.cac' });
    await test.warehouse.script('create view public.mine as select i from marts.standing');
    const drop = () =>
      test.warehouse.transaction((session) => test.warehouse.publish(session, [], [view, missing, standing]));
    await expect(drop()).rejects.toMatchObject({
      code: 'WAREHOUSE_FAILED',
      message: 'to be dropped: "marts"."cac", "marts"."standing", but these views stand on it: "public"."mine"',
    });
    expect(await test.warehouse.query('select i from public.mine')).toEqual([{ i: 1 }]);
    await test.warehouse.script('drop view public.mine');
    await drop();
    expect(await test.warehouse.relations('marts')).toEqual([]);
  });

  it('does not replace what is not a view', async () => {
    await test.warehouse.script('create schema marts; create table marts.cac (i integer)');
    await expect(flip(show('c', 'i'))).rejects.toMatchObject({
      code: 'WAREHOUSE_FAILED',
      message: '"marts"."cac" exists and is not a view',
    });
  });

  it('waits for readers, and names those who do not end', async () => {
    await flip(show('a', 'i, t'));
    const { warehouse } = test;
    const reading = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const reader = warehouse.transaction(async (session) => {
      await session.query('select i from marts.cac');
      reading.resolve();
      await release.promise;
    });
    await reading.promise;
    const impatient = warehouse.transaction((session) => publish(session, [show('b', 'i, t')], [], 500));
    await expect(impatient).rejects.toMatchObject({
      code: 'WAREHOUSE_FAILED',
      retryable: true,
      message: expect.stringMatching(/kept its views in use: revops \(backend \d+\)/),
    });
    const patient = flip(show('b', 'i, t'));
    setTimeout(release.resolve, 1_500);
    expect(await patient).toEqual({ recreated: [] });
    await reader;
    expect(await warehouse.query('select i from marts.cac')).toEqual([{ i: 2 }]);
  });
});
