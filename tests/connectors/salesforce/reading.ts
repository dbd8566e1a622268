/**
 * Opens the connector on an emulator; landing what a stream gives is the same for every CRM.
 */
import { onTestFinished } from 'vitest';

import { salesforce } from '../../../connectors/salesforce/index.ts';
import { type SalesforceEmulator, startSalesforceEmulator } from '../../../fixtures/emulators/salesforce/index.ts';
import type { SalesforceKnobs } from '../../../fixtures/emulators/salesforce/knobs.ts';
import type { World } from '../../../fixtures/world/types.ts';
import type { Connection } from '../../../src/connector/contract.ts';

export { land, landAll, type Landed, live, nothingLanded, streamOf } from '../hubspot/reading.ts';

/** An emulator, closed when the test ends. */
export async function emulate(
  world: Pick<World, 'at'>,
  now: string,
  knobs: Partial<SalesforceKnobs> = {},
): Promise<SalesforceEmulator> {
  const emulator = await startSalesforceEmulator({ world, now: () => now, knobs });
  onTestFinished(() => emulator.close());
  return emulator;
}

export type Options = Partial<Parameters<typeof salesforce>[0]>;

/** A connection as of an instant, by client credentials unless the options have another way. */
export async function open(
  emulator: SalesforceEmulator,
  now: string,
  options: Options = {},
  notes: string[] = [],
): Promise<Connection> {
  return salesforce(optionsFor(emulator, options)).open({
    now: () => new Date(now),
    signal: new AbortController().signal,
    note: (message) => void notes.push(message),
  });
}

export function optionsFor(emulator: SalesforceEmulator, options: Options = {}): Parameters<typeof salesforce>[0] {
  const { clientId, clientSecret } = emulator.knobs;
  const isOtherWay = options.jwt !== undefined || options.refreshToken !== undefined;
  return {
    ...(isOtherWay ? {} : { clientCredentials: { clientId, clientSecret } }),
    endpoint: emulator.url,
    requestsPerSecond: 100_000,
    pollSeconds: 0.005,
    ...options,
  };
}

/** `METHOD /path` of what was asked, without the token service and descriptions. */
export function asked(emulator: SalesforceEmulator): string[] {
  return emulator.requests
    .map(({ method, url }) => `${method} ${url.pathname}`)
    .filter((line) => !line.includes('/oauth2/') && !line.endsWith('/describe'));
}

/** Statements sent, whichever way. */
export function statements(emulator: SalesforceEmulator): string[] {
  return emulator.requests.flatMap(({ url, body }) => {
    const inUrl = url.searchParams.get('q');
    if (inUrl !== null) return [inUrl];
    return url.pathname.endsWith('/jobs/query') ? [(JSON.parse(body) as { query: string }).query] : [];
  });
}
