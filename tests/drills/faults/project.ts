/** A project of the orderly company, or of one with a fault: its platforms, its folder, its mornings. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { EMULATED_CREDENTIALS, startGoogleAdsEmulator } from '../../../fixtures/emulators/google-ads/index.ts';
import { startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import type { World } from '../../../fixtures/world/index.ts';
import { Secret } from '../../../src/secret.ts';
import { createDatabase, dropDatabase } from '../../support/databases.ts';
import { projectFolder, revops, type Outcome } from '../../support/cli.ts';
import { personalData } from '../../support/personal-data.ts';
import { DUCKDB_FILE } from '../../support/project-config.ts';
import { changedWorld } from './change.ts';
import { configText, OWN_RULES, TRACKING_PLAN } from './config.ts';
import { daysBetween, deliveriesOf, writeDeliveries } from './deliveries.ts';
import { together, type Fault } from './fault.ts';
import { orderly } from './orderly.ts';

export interface FaultProject {
  folder: string;
  /** Undefined: DuckDB. */
  databaseUrl: string | undefined;
  /** The morning it stands at, ISO 8601. */
  now(): string;
  /** Night and morning: files come, then `revops run`. */
  morning(now: string): Promise<Outcome>;
  revops(words: readonly string[]): Promise<Outcome>;
  /** Secrets, e-mails and phones in what its commands printed and in the records of the engine. */
  leaks(): Promise<string[]>;
  /** Another project that goes on from here, with faults since now. */
  fork(faults: readonly Fault[]): Promise<FaultProject>;
  dispose(): Promise<void>;
}

/** An empty project whose data begins on a day. `server`: URL of a Postgres server; undefined: DuckDB. */
export function newProject(world: World, firstDay: string, server: string | undefined): Promise<FaultProject> {
  return openProject({ world, server, faults: [], firstDay, now: `${firstDay}T06:00:00.000Z`, from: undefined });
}

// --- internal ---

interface Origin {
  world: World;
  server: string | undefined;
  faults: readonly Fault[];
  firstDay: string;
  now: string;
  from: { folder: string; databaseUrl: string | undefined } | undefined;
}

async function openProject(origin: Origin): Promise<FaultProject> {
  const { server, from, firstDay, now: since } = origin;
  const planted = together(origin.faults);
  let { now } = origin;
  const world = changedWorld(origin.world, [
    orderly,
    (view) => (view.now < since ? {} : (planted.view?.(view, since) ?? {})),
  ]);
  const ads = await startGoogleAdsEmulator({ world, now: () => now });
  const crm = await startHubspotEmulator({ world, now: () => now });
  const databaseUrl = server === undefined ? undefined : await createDatabase(server, from?.databaseUrl);
  const project = projectFolder({
    'revops.config.ts': configText(firstDay, databaseUrl === undefined ? 'duckdb' : 'postgres'),
    'tracking-plan.yml': TRACKING_PLAN,
    'models/reference/own_channel_rules.csv': OWN_RULES,
    'data/costs.csv': COSTS,
  });
  const { folder } = project;
  if (from !== undefined) copyState(from.folder, folder);
  let delivered = from === undefined ? firstDay : now;

  function deliver(): void {
    const days = daysBetween(delivered, now);
    if (days.length === 0) return;
    const deliveries = deliveriesOf(world.at(now), delivered, now).map(
      (delivery) => planted.deliver?.(delivery, since) ?? delivery,
    );
    delivered = now;
    writeDeliveries(folder, deliveries);
  }

  const secrets = {
    GOOGLE_ADS_DEVELOPER_TOKEN: EMULATED_CREDENTIALS.developerToken,
    GOOGLE_ADS_CLIENT_ID: EMULATED_CREDENTIALS.clientId,
    GOOGLE_ADS_CLIENT_SECRET: EMULATED_CREDENTIALS.clientSecret,
    GOOGLE_ADS_REFRESH_TOKEN: EMULATED_CREDENTIALS.refreshToken,
    HUBSPOT_ACCESS_TOKEN: crm.knobs.accessToken,
    REVOPS_IDENTITY_SECRET: 'a secret of the simulated company',
  };
  const printed: string[] = [];
  const run = async (words: readonly string[]): Promise<Outcome> => {
    const outcome = await revops(words, {
      cwd: folder,
      env: {
        ...secrets,
        REVOPS_GOOGLE_ADS_ENDPOINT: ads.url,
        REVOPS_GOOGLE_ADS_TOKEN_ENDPOINT: ads.url,
        REVOPS_HUBSPOT_ENDPOINT: crm.url,
        REVOPS_NOW: now,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      },
    });
    printed.push(outcome.stdout, outcome.stderr);
    return outcome;
  };

  return {
    folder,
    databaseUrl,
    now: () => now,
    async morning(later) {
      now = later;
      deliver();
      planted.outage?.({ ads, crm });
      return run(['run', '--quiet', '--select', NEEDED]);
    },
    revops: run,
    leaks: () =>
      personalData(
        databaseUrl === undefined
          ? { type: 'duckdb', path: join(folder, DUCKDB_FILE) }
          : { type: 'postgres', url: new Secret(databaseUrl, 'test server') },
        Object.values(secrets),
        { printed: printed.join('\n') },
      ),
    fork: (faults) => openProject({ ...origin, faults, now, from: { folder, databaseUrl } }),
    async dispose() {
      await ads.close();
      await crm.close();
      project.remove();
      if (databaseUrl !== undefined && server !== undefined) await dropDatabase(server, databaseUrl);
    },
  };
}

/** All but the packages; files keep their times, which tell whether they changed. */
function copyState(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !path.startsWith(join(from, 'node_modules')),
  });
}

/** All checks, and the numbers that are to be stamped: a fifth of the library answers other questions. */
const NEEDED = '+models/quality +marginal_cac';

const COSTS = `cost_id,category,from_date,to_date,currency,amount
tools,tools,2025-01-01,2026-12-31,EUR,24000
`;
