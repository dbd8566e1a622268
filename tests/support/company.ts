/**
 * The shipped project on the simulated company: platforms on loopback, project folders that sync from them. Nothing of
 * the test runner: drills and benches use it too.
 */
import { join } from 'node:path';

import { EMULATED_CREDENTIALS, startGoogleAdsEmulator } from '../../fixtures/emulators/google-ads/index.ts';
import { startHubspotEmulator } from '../../fixtures/emulators/hubspot/index.ts';
import type { EmulatorServer } from '../../fixtures/emulators/server.ts';
import { createWorld, type World } from '../../fixtures/world/index.ts';
import { Secret } from '../../src/secret.ts';
import type { WarehouseConfig } from '../../src/warehouse/config.ts';
import type { EngineName } from '../../src/warehouse/types.ts';
import { projectFolder, revops, type Outcome, type ProjectFolder } from './cli.ts';
import { DUCKDB_FILE, projectConfig } from './project-config.ts';

export { DUCKDB_FILE } from './project-config.ts';

export interface Company {
  world: World;
  /** The platforms, to inject faults. */
  platforms: readonly [ads: EmulatorServer, crm: EmulatorServer];
  /** What a project of it has in its environment. */
  environment: Record<string, string>;
  /** ISO 8601: what time it is on the platforms and in the projects. */
  now(): string;
  setNow(now: string): void;
  close(): Promise<void>;
}

export interface CompanyProject extends ProjectFolder {
  engine: EngineName;
  warehouse: WarehouseConfig;
  /** Environment of processes that work in it. */
  environment(): Record<string, string>;
  /** `revops <words>` in it, from source, at the company's time. */
  run(words: readonly string[]): Promise<Outcome>;
}

/** Starts the platforms of a company at an instant; `world` is what happens to it. */
export async function openCompany(
  options: { now: string } & ({ months: number; scale?: number } | { world: World }),
): Promise<Company> {
  const world = 'world' in options ? options.world : createWorld({ months: options.months, scale: options.scale ?? 1 });
  let { now } = options;
  const ads = await startGoogleAdsEmulator({ world, now: () => now });
  const crm = await startHubspotEmulator({ world, now: () => now });
  return {
    world,
    platforms: [ads, crm],
    environment: {
      REVOPS_GOOGLE_ADS_ENDPOINT: ads.url,
      REVOPS_GOOGLE_ADS_TOKEN_ENDPOINT: ads.url,
      REVOPS_HUBSPOT_ENDPOINT: crm.url,
      GOOGLE_ADS_DEVELOPER_TOKEN: EMULATED_CREDENTIALS.developerToken,
      GOOGLE_ADS_CLIENT_ID: EMULATED_CREDENTIALS.clientId,
      GOOGLE_ADS_CLIENT_SECRET: EMULATED_CREDENTIALS.clientSecret,
      GOOGLE_ADS_REFRESH_TOKEN: EMULATED_CREDENTIALS.refreshToken,
      HUBSPOT_ACCESS_TOKEN: crm.knobs.accessToken,
    },
    now: () => now,
    setNow: (later) => {
      now = later;
    },
    close: async () => {
      await ads.close();
      await crm.close();
    },
  };
}

/**
 * A project folder of a company; `start` is the first day it syncs. `databaseUrl` is that of an existing database, `path`
 * that of a folder to go on in.
 */
export function companyProject(company: Company, start: string, databaseUrl?: string, path?: string): CompanyProject {
  const engine = databaseUrl === undefined ? 'duckdb' : 'postgres';
  const config = projectConfig(engine, start, [`attribution: { primaryModel: 'first_touch' },`]);
  const folder = projectFolder({ 'revops.config.ts': config }, path);
  const environment = (): Record<string, string> => ({
    ...company.environment,
    REVOPS_NOW: company.now(),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  });
  return {
    ...folder,
    engine,
    warehouse:
      databaseUrl === undefined
        ? { type: 'duckdb', path: join(folder.folder, DUCKDB_FILE) }
        : { type: 'postgres', url: new Secret(databaseUrl, 'test'), poolSize: 4 },
    environment,
    run: (words) => revops(words, { cwd: folder.folder, env: environment() }),
  };
}
