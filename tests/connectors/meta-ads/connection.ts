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
import { adPlatform, COMPANY, NOW, type AdSetting } from '../ad-platform.ts';

export { NOW } from '../ad-platform.ts';

export const HOME = '300000000000001';
export const WEST = '300000000000002';
export const TOKYO = '2000000004';

export const world = createWorld({
  ...COMPANY,
  platforms: ['google-ads', 'meta-ads'],
  extraAccount: { currency: 'JPY', timeZone: 'Asia/Tokyo', platform: 'meta-ads' },
});

export type Setting = AdSetting<MetaAdsEmulator>;

export function optionsFor(emulator: { url: string }) {
  return { accessToken: EMULATED_TOKEN, endpoint: emulator.url, pollSeconds: 0.005 };
}

export const { connectTo, startSetting } = adPlatform<MetaAdsEmulator, MetaAdsEmulatorOptions>({
  emulate: (options) => startMetaAdsEmulator({ world, now: () => NOW, ...options }),
  connector: (emulator, options) => metaAds({ ...optionsFor(emulator), ...options }),
});

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
