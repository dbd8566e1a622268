/** LinkedIn Ads by renewed tokens: one account, some days. */
import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { EMULATED_CREDENTIALS, startLinkedinAdsEmulator } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_FIRST, AD_LATER, AD_START, adWorld } from './ad-world.ts';
import { onEmulator } from './on-emulator.ts';

export const linkedinAdsUnderTest: ConnectorUnderTest = {
  name: 'linkedin-ads',
  async start() {
    let now = AD_FIRST;
    const emulator = await startLinkedinAdsEmulator({ world: adWorld, now: () => now });
    const connectorWith = (clientSecret: string) =>
      linkedinAds({
        ...EMULATED_CREDENTIALS,
        clientSecret,
        endpoint: emulator.url,
        tokenEndpoint: `${emulator.url}/oauth/v2`,
        requestsPerSecond: 1_000,
        accountIds: ['510000001'],
      });
    return {
      ...onEmulator(emulator, /^\w+ \/rest\//),
      connector: connectorWith(EMULATED_CREDENTIALS.clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: ['linkedin-ads.campaigns', 'linkedin-ads.campaign_days'],
      start: AD_START,
      now: () => new Date(now),
      secrets: [EMULATED_CREDENTIALS.clientSecret, EMULATED_CREDENTIALS.refreshToken, 'a-wrong-client-secret'],
      setPageSize: (records) => emulator.setPageLimit(records ?? Number.POSITIVE_INFINITY),
      later: () => void (now = AD_LATER),
      says: {
        wait: { special: 'data_volume' },
        expired: { special: 'expired_token' },
        quota: { special: 'day_limit' },
      },
    };
  },
};
