/**
 * A small project on the simulated company, for tests of the command line: its platforms on loopback, its config, its
 * warehouse.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import pg from 'pg';

import {
  type EMULATED_CREDENTIALS,
  type GoogleAdsEmulator,
  startGoogleAdsEmulator,
} from '../../fixtures/emulators/google-ads/index.ts';
import { type HubspotEmulator, startHubspotEmulator } from '../../fixtures/emulators/hubspot/index.ts';
import { createWorld } from '../../fixtures/world/index.ts';
import { Secret } from '../../src/secret.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { type Outcome, type ProjectFolder, projectFolder, revops, type RunOptions } from './cli.ts';
import { projectConfig } from './project-config.ts';
import { testPostgresUrl } from './warehouses.ts';

/** Two months of the company; the last day is the morning of 2025-06-30. */
const NOW = '2025-06-30T06:00:00.000Z';

/** Appears in every secret of a test project, and so may appear nowhere else. */
export const CANARY = 'canary7f3a';

export interface TestProject extends ProjectFolder {
  ads: GoogleAdsEmulator;
  crm: HubspotEmulator;
  /** What another process opens the project's warehouse with. */
  warehouse: WarehouseConfig;
  /** Runs a command in the project. */
  run(words: readonly string[], options?: Partial<RunOptions>): Promise<Outcome>;
  dispose(): Promise<void>;
}

export async function openTestProject(engine: EngineName): Promise<TestProject> {
  const world = createWorld({ months: 2 });
  let now = NOW;
  const credentials = {
    clientId: `${CANARY}-client-id`,
    clientSecret: `${CANARY}-client-secret`,
    refreshToken: `${CANARY}-refresh-token`,
    developerToken: `${CANARY}-developer-token`,
  } satisfies typeof EMULATED_CREDENTIALS;
  const ads = await startGoogleAdsEmulator({ world, now: () => now, credentials });
  const crm = await startHubspotEmulator({ world, now: () => now, knobs: { accessToken: `${CANARY}-access-token` } });
  const database = engine === 'postgres' ? await makeDatabase() : undefined;
  const folder = projectFolder({
    'revops.config.ts': configText(engine),
    '.env': [
      `REVOPS_NOW=${now}`,
      `REVOPS_GOOGLE_ADS_ENDPOINT=${ads.url}`,
      `REVOPS_GOOGLE_ADS_TOKEN_ENDPOINT=${ads.url}`,
      `REVOPS_HUBSPOT_ENDPOINT=${crm.url}`,
    ].join('\n'),
  });
  const secrets = {
    GOOGLE_ADS_DEVELOPER_TOKEN: credentials.developerToken,
    GOOGLE_ADS_CLIENT_ID: credentials.clientId,
    GOOGLE_ADS_CLIENT_SECRET: credentials.clientSecret,
    GOOGLE_ADS_REFRESH_TOKEN: credentials.refreshToken,
    HUBSPOT_ACCESS_TOKEN: crm.knobs.accessToken,
    ...(database === undefined ? {} : { DATABASE_URL: database.url }),
  };
  return {
    ...folder,
    ads,
    crm,
    warehouse:
      database === undefined
        ? { type: 'duckdb', path: join(folder.folder, 'warehouse.duckdb') }
        : { type: 'postgres', url: new Secret(database.url, 'test server') },
    run: (words, options = {}) =>
      revops(words, { cwd: folder.folder, ...options, env: { ...secrets, ...options.env } }),
    dispose: async () => {
      await ads.close();
      await crm.close();
      await database?.drop();
      folder.remove();
    },
  };
}

/** The config of a test project; further lines go into the object. */
export function configText(engine: EngineName, ...lines: string[]): string {
  return projectConfig(engine, '2025-05-01', lines);
}

// --- internal ---

export async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await testPostgresUrl();
  const name = `revops_test_${randomUUID().replaceAll('-', '')}`;
  const onServer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await onServer(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database ${name} with (force)`) };
}
