/**
 * Vitest's global set-up: one Postgres server for the whole run, started when the first test asks for it, or the server
 * of `REVOPS_TEST_POSTGRES_URL`. Tests get an address that answers with the server's URL.
 */
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

import { startEmbeddedPostgres } from '../../fixtures/postgres.ts';
import type { EmbeddedPostgres } from '../../fixtures/postgres.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresAddress: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<EmbeddedPostgres> | null = null;
  const given = process.env['REVOPS_TEST_POSTGRES_URL'];
  const address = createServer((_request, response) => {
    const url =
      given === undefined || given === ''
        ? (server ??= start()).then((started) => started.url)
        : Promise.resolve(given);
    url.then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((listening) => address.listen(0, '127.0.0.1', listening));
  project.provide('postgresAddress', `http://127.0.0.1:${(address.address() as AddressInfo).port}`);
  return async () => {
    address.closeAllConnections();
    address.close();
    await server?.then((started) => started.stop());
  };
}

// --- internal ---

async function start(): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres(await mkdtemp(join(tmpdir(), 'revops-test-postgres-')));
}
