/**
 * Fresh, empty warehouses of both engines for tests. The same test runs on each: `for (const engine of engines)`.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { inject } from 'vitest';

import { Secret } from '../../src/secret.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import type { OpenOptions, Warehouse } from '../../src/warehouse/contract.ts';
import { identityVariables } from '../../src/warehouse/identity-secret.ts';
import { openWarehouse } from '../../src/warehouse/index.ts';
import type { EngineName } from '../../src/warehouse/types.ts';

/** Keys of e-mails and phones in tests are made with it; those of unit cases too. */
export const TEST_IDENTITY_SECRET = 'cases';

export const engines = ['duckdb', 'postgres'] as const;

/** `npm run test:all`: everything on both engines. */
export const isWhole = process.env['REVOPS_TEST_ALL'] === '1';

/**
 * Engines of a test that takes minutes, as most of whole command lines do: one of the two, each engine in some of these
 * tests, and both in `npm run test:all`. What the commands call is tested on both everywhere.
 */
export function enginesOrOne(one: EngineName): readonly EngineName[] {
  return isWhole ? engines : [one];
}

export interface TestWarehouse {
  warehouse: Warehouse;
  /** What another process or a second `openWarehouse` opens the same warehouse with. */
  config: WarehouseConfig;
  /** Closes the warehouse and removes it. */
  dispose: () => Promise<void>;
}

/** An empty DuckDB file in a temporary folder, or an empty Postgres database of its own. */
export async function openTestWarehouse(engine: EngineName, options: OpenOptions = {}): Promise<TestWarehouse> {
  const variables = identityVariables(new Secret(TEST_IDENTITY_SECRET, 'tests'));
  const all = { variables, ...options };
  return engine === 'duckdb' ? duckdbFile(all) : postgresDatabase(all);
}

/** URL of the test run's Postgres server (its maintenance database, superuser). */
export async function testPostgresUrl(): Promise<string> {
  const response = await fetch(inject('postgresAddress'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

// --- internal ---

async function duckdbFile(options: OpenOptions): Promise<TestWarehouse> {
  const folder = await mkdtemp(join(tmpdir(), 'revops-test-'));
  const config: WarehouseConfig = { type: 'duckdb', path: join(folder, 'warehouse.duckdb'), threads: 2 };
  const warehouse = await openWarehouse(config, options);
  return {
    warehouse,
    config,
    async dispose() {
      await warehouse.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function postgresDatabase(options: OpenOptions): Promise<TestWarehouse> {
  const server = await testPostgresUrl();
  const database = `revops_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  const config: WarehouseConfig = { type: 'postgres', url: new Secret(url.href, 'test server'), poolSize: 4 };
  const warehouse = await openWarehouse(config, options);
  return {
    warehouse,
    config,
    async dispose() {
      await warehouse.close();
      await onServer(server, `drop database ${database} with (force)`);
    },
  };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
