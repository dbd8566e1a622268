/**
 * The connector against its emulator and a small world, and a stream read the way the engine reads it.
 */
import { googleAds } from '../../../connectors/google-ads/index.ts';
import {
  EMULATED_CREDENTIALS,
  startGoogleAdsEmulator,
  type GoogleAdsEmulator,
  type GoogleAdsEmulatorOptions,
} from '../../../fixtures/emulators/google-ads/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { Connection, SourceRecord } from '../../../src/connector/contract.ts';
import { readDays } from '../reading.ts';

export const NOW = '2026-06-15T12:00:00.000Z';
export const EUROPE = '2000000001';
export const AMERICA = '2000000002';

export const world = createWorld({
  seed: 7,
  start: '2025-01-01',
  months: 18,
  scale: 1,
  timeZone: 'Europe/Paris',
  currency: 'EUR',
});

export interface Setting {
  emulator: GoogleAdsEmulator;
  connection: Connection;
  notes: string[];
  close(): Promise<void>;
}

export function optionsFor(emulator: { url: string }) {
  return { ...EMULATED_CREDENTIALS, endpoint: emulator.url, tokenEndpoint: emulator.url };
}

export async function connectTo(
  emulator: Pick<GoogleAdsEmulator, 'url'>,
  options: object = {},
  now = NOW,
  signal = new AbortController().signal,
) {
  const notes: string[] = [];
  const connector = googleAds({ ...optionsFor(emulator), ...options });
  const connection = await connector.open({ now: () => new Date(now), signal, note: (line) => notes.push(line) });
  return { connection, notes };
}

export async function startSetting(
  emulation: Partial<GoogleAdsEmulatorOptions> = {},
  options: object = {},
): Promise<Setting> {
  const emulator = await startGoogleAdsEmulator({ world, now: () => NOW, ...emulation });
  const { connection, notes } = await connectTo(emulator, options);
  return { emulator, connection, notes, close: () => emulator.close() };
}

/** Every day of a range in slices as the engine makes them, a failed slice read again. */
export async function readDaysAgain(
  connection: Connection,
  name: string,
  accountId: string,
  from: string,
  to: string,
): Promise<{ rows: SourceRecord[]; failures: unknown[] }> {
  const failures: unknown[] = [];
  for (;;) {
    try {
      return { rows: await readDays(connection, name, accountId, from, to), failures };
    } catch (error) {
      failures.push(error);
      const fault = connection.classify(error);
      if (fault.kind !== 'transient' || failures.length > 5) throw error;
    }
  }
}
