/**
 * The connector against its emulator and a small world, and a stream read the way the engine reads it.
 */
import { metaAds } from '../../../connectors/meta-ads/index.ts';
import {
  EMULATED_TOKEN,
  startMetaAdsEmulator,
  type MetaAdsEmulator,
  type MetaAdsEmulatorOptions,
} from '../../../fixtures/emulators/meta-ads/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { Connection } from '../../../src/connector/contract.ts';

export const NOW = '2026-06-15T12:00:00.000Z';
export const HOME = '300000000000001';
export const WEST = '300000000000002';
export const TOKYO = '2000000004';

export const world = createWorld({
  seed: 7,
  start: '2025-01-01',
  months: 18,
  scale: 1,
  timeZone: 'Europe/Paris',
  currency: 'EUR',
  platforms: ['google-ads', 'meta-ads'],
  extraAccount: { currency: 'JPY', timeZone: 'Asia/Tokyo', platform: 'meta-ads' },
});

export interface Setting {
  emulator: MetaAdsEmulator;
  connection: Connection;
  notes: string[];
  close(): Promise<void>;
}

export function optionsFor(emulator: { url: string }) {
  return { accessToken: EMULATED_TOKEN, endpoint: emulator.url, pollSeconds: 0.005 };
}

export async function connectTo(
  emulator: { url: string },
  options: object = {},
  now = NOW,
  signal = new AbortController().signal,
) {
  const notes: string[] = [];
  const connector = metaAds({ ...optionsFor(emulator), ...options });
  const connection = await connector.open({ now: () => new Date(now), signal, note: (line) => notes.push(line) });
  return { connection, notes };
}

export async function startSetting(
  emulation: Partial<MetaAdsEmulatorOptions> = {},
  options: object = {},
): Promise<Setting> {
  const emulator = await startMetaAdsEmulator({ world, now: () => NOW, ...emulation });
  const { connection, notes } = await connectTo(emulator, options);
  return { emulator, connection, notes, close: () => emulator.close() };
}

/** Days asked for in reports, in order: `from..to` and the campaigns where only some are asked for. */
export function reportsAsked(emulator: MetaAdsEmulator): string[] {
  return emulator.requests
    .filter((request) => request.method === 'POST')
    .map(({ body }) => {
      const { time_range: range, filtering } = JSON.parse(body) as {
        time_range: { since: string; until: string };
        filtering: { field: string; value: string[] }[];
      };
      const campaigns = filtering.find(({ field }) => field === 'campaign.id');
      return `${range.since}..${range.until}${campaigns === undefined ? '' : ` ${campaigns.value.length} campaigns`}`;
    });
}
