/**
 * Opens the connector on an emulator; landing what a stream gives is the same for every CRM.
 */
import { onTestFinished } from 'vitest';

import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import { type PipedriveEmulator, startPipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import type { PipedriveKnobs } from '../../../fixtures/emulators/pipedrive/knobs.ts';
import type { World } from '../../../fixtures/world/types.ts';
import type { Connection } from '../../../src/connector/contract.ts';

export { land, landAll, type Landed, live, nothingLanded } from '../hubspot/reading.ts';

/** An emulator, closed when the test ends. */
export async function emulate(
  world: Pick<World, 'at'>,
  now: string,
  knobs: Partial<PipedriveKnobs> = {},
): Promise<PipedriveEmulator> {
  const emulator = await startPipedriveEmulator({ world, now: () => now, knobs });
  onTestFinished(() => emulator.close());
  return emulator;
}

export type Options = Partial<Parameters<typeof pipedrive>[0]>;

/** A connection as of an instant, by API token unless the options have an app. */
export async function open(
  emulator: PipedriveEmulator,
  now: string,
  options: Options = {},
  notes: string[] = [],
): Promise<Connection> {
  return pipedrive(optionsFor(emulator, options)).open({
    now: () => new Date(now),
    signal: new AbortController().signal,
    note: (message) => void notes.push(message),
  });
}

export function optionsFor(emulator: PipedriveEmulator, options: Options = {}): Parameters<typeof pipedrive>[0] {
  return {
    ...(options.oauth === undefined ? { apiToken: emulator.knobs.apiToken } : {}),
    endpoint: emulator.url,
    tokenEndpoint: emulator.url,
    requestsPerTwoSeconds: 1_000_000,
    ...options,
  };
}

/** `/path` below the version of what was asked, without the definitions of fields and the token service. */
export function asked(emulator: PipedriveEmulator): string[] {
  return emulator.requests
    .map(({ url }) => url.pathname.replace(/^\/api\/v\d/, ''))
    .filter((path) => !path.endsWith('Fields') && path !== '/oauth/token');
}
