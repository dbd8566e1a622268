import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';

import { openTemporaryPostgres } from '../../../src/model/unit/index.ts';
import { Secret } from '../../../src/secret.ts';
import { openWarehouse } from '../../../src/warehouse/index.ts';
import type { Warehouse } from '../../../src/warehouse/contract.ts';
import { testPostgresUrl } from '../../support/warehouses.ts';

const NOW = new Date('2020-06-01T12:00:00Z');
const SECOND = NOW.getTime() / 1000;

async function openServer(): Promise<{ server: Warehouse; url: string }> {
  const url = await testPostgresUrl();
  const server = await openWarehouse({ type: 'postgres', url: new Secret(url, 'test server'), poolSize: 2 });
  onTestFinished(() => server.close());
  return { server, url };
}

async function databases(server: Warehouse): Promise<string[]> {
  const rows = await server.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'revops\\_cases\\_159%' order by 1`,
  );
  return rows.map(({ name }) => name);
}

test('Cases on Postgres have a database of their own, gone when closed; one that a killed run left goes after an hour.', async () => {
  const { server, url } = await openServer();
  const mark = randomBytes(4).toString('hex');
  const [old, fresh] = [`revops_cases_${SECOND - 3601}_${mark}`, `revops_cases_${SECOND - 3599}_${mark}`];
  for (const name of [old, fresh]) await server.execute(`create database ${name}`);
  onTestFinished(() => server.execute(`drop database if exists ${fresh}`).then(() => undefined));
  const opened = await openTemporaryPostgres(new Secret(url, 'test server'), () => NOW);
  const [own] = await opened.warehouse.query<{ name: string }>('select current_database() as name');
  expect(own?.name).toMatch(new RegExp(`^revops_cases_${SECOND}_[0-9a-f]{8}$`));
  expect(await databases(server)).toEqual([fresh, own?.name]);
  await opened.close();
  expect(await databases(server)).toEqual([fresh]);
});

test('A role that may not create databases is told what to do.', async () => {
  const { server, url } = await openServer();
  const role = `cases_${randomBytes(4).toString('hex')}`;
  await server.execute(`create role ${role} login password 'reader-password'`);
  onTestFinished(() => server.execute(`drop role ${role}`).then(() => undefined));
  const limited = new URL(url);
  limited.username = role;
  limited.password = 'reader-password';
  await expect(openTemporaryPostgres(new Secret(limited.href, 'test server'), () => NOW)).rejects.toMatchObject({
    code: 'WAREHOUSE_FAILED',
    message: expect.stringMatching(/^no database for the cases can be made on postgres:.*permission denied/),
    hint: expect.stringContaining('REVOPS_TEST_POSTGRES_URL'),
  });
});

test('Behind a pooler that leads every name to one database no case runs, and that database stays as it was.', async () => {
  const { server, url } = await openServer();
  const real = new URL(url);
  const pooler = createServer((client) => {
    const upstream = connect(Number(real.port), real.hostname);
    client.once('data', (startup) => {
      const sent = Buffer.from(startup).toString('latin1').slice(8);
      const body = sent.replace(/database\0[^\0]*/, `database\0${real.pathname.slice(1)}`);
      const head = Buffer.from(startup).subarray(0, 8);
      head.writeInt32BE(body.length + 8);
      upstream.write(Buffer.concat([head, Buffer.from(body, 'latin1')]));
      client.pipe(upstream).pipe(client);
    });
    for (const one of [client, upstream]) one.on('error', () => undefined);
  });
  pooler.listen(0, '127.0.0.1');
  await once(pooler, 'listening');
  onTestFinished(() => void pooler.close());
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((pooler.address() as AddressInfo).port);
  const before = await databases(server);
  await expect(openTemporaryPostgres(new Secret(through.href, 'test server'), () => NOW)).rejects.toMatchObject({
    code: 'WAREHOUSE_FAILED',
    message: expect.stringContaining('leads to another database'),
  });
  expect(await databases(server)).toEqual(before);
});
