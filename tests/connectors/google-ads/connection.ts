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
import { adPlatform, COMPANY, NOW, type AdSetting } from '../ad-platform.ts';
import { readDays } from '../reading.ts';

export { NOW } from '../ad-platform.ts';

export const EUROPE = '2000000001';
export const AMERICA = '2000000002';

export const world = createWorld(COMPANY);

export type Setting = AdSetting<GoogleAdsEmulator>;

export function optionsFor(emulator: { url: string }) {
  return { ...EMULATED_CREDENTIALS, endpoint: emulator.url, tokenEndpoint: emulator.url };
}

export const { connectTo, startSetting } = adPlatform<GoogleAdsEmulator, GoogleAdsEmulatorOptions>({
  emulate: (options) => startGoogleAdsEmulator({ world, now: () => NOW, ...options }),
  connector: (emulator, options) => googleAds({ ...optionsFor(emulator), ...options }),
});

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
