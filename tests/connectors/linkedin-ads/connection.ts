/**
 * The connector against its emulator and a small world, and a stream read the way the engine reads it.
 */
import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import {
  EMULATED_CREDENTIALS,
  EMULATED_TOKEN,
  startLinkedinAdsEmulator,
  type LinkedinAdsEmulator,
  type LinkedinAdsEmulatorOptions,
} from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { adPlatform, COMPANY, NOW, type AdSetting } from '../ad-platform.ts';

export { NOW } from '../ad-platform.ts';

export const HOME = '510000001';
export const WEST = '510000002';
export const TOKYO = '2000000004';

export const world = createWorld({
  ...COMPANY,
  platforms: ['google-ads', 'linkedin-ads'],
  extraAccount: { currency: 'JPY', timeZone: 'UTC', platform: 'linkedin-ads' },
});

export type Setting = AdSetting<LinkedinAdsEmulator>;

const endpoints = (emulator: { url: string }) => ({
  endpoint: emulator.url,
  tokenEndpoint: `${emulator.url}/oauth/v2`,
  requestsPerSecond: 1000,
});

export function optionsFor(emulator: { url: string }) {
  return { accessToken: EMULATED_TOKEN, ...endpoints(emulator) };
}

export function renewingOptionsFor(emulator: { url: string }) {
  return { ...EMULATED_CREDENTIALS, ...endpoints(emulator) };
}

export const { connectTo, startSetting } = adPlatform<LinkedinAdsEmulator, LinkedinAdsEmulatorOptions>({
  emulate: (options) => startLinkedinAdsEmulator({ world, now: () => NOW, ...options }),
  connector: (emulator, options) => {
    const base = 'refreshToken' in options ? renewingOptionsFor(emulator) : optionsFor(emulator);
    return linkedinAds({ ...base, ...options });
  },
});

/** Questions to analytics, in order: the days, and how many ids where not the account as a whole is asked about. */
export function questionsAsked(emulator: LinkedinAdsEmulator): string[] {
  return emulator.requests
    .filter(({ url }) => url.pathname === '/rest/adAnalytics')
    .map(({ url, body }) => {
      const query = body === '' ? url.search : body;
      const days = [...query.matchAll(/year:(\d+),month:(\d+),day:(\d+)/g)].map(([, year, month, day]) =>
        [year, month?.padStart(2, '0'), day?.padStart(2, '0')].join('-'),
      );
      const facet = /(campaigns|campaignGroups)=List\(([^)]*)\)/.exec(query);
      const ids = facet === null ? '' : ` ${facet[2]?.split(',').length} ${facet[1]}`;
      return `${days.join('..')}${ids}`;
    });
}
