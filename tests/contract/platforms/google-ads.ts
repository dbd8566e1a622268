/** Google Ads: one account, some days. */
import { googleAds } from '../../../connectors/google-ads/index.ts';
import { EMULATED_CREDENTIALS, startGoogleAdsEmulator } from '../../../fixtures/emulators/google-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_FIRST, AD_LATER, AD_START, adWorld } from './ad-world.ts';
import { onEmulator } from './on-emulator.ts';

export const googleAdsUnderTest: ConnectorUnderTest = {
  name: 'google-ads',
  without: {
    'pages of any size':
      'answers are streams, whose parts the platform sizes: tests/connectors/google-ads/answer-parts.test.ts',
  },
  async start() {
    let now = AD_FIRST;
    const emulator = await startGoogleAdsEmulator({ world: adWorld, now: () => now, batchRows: 7 });
    const connectorWith = (clientSecret: string) =>
      googleAds({
        ...EMULATED_CREDENTIALS,
        clientSecret,
        endpoint: emulator.url,
        tokenEndpoint: emulator.url,
        requestsPerSecond: 1_000,
      });
    return {
      ...onEmulator(emulator, /^POST \/v\d+\/customers\/\d+\//),
      connector: connectorWith(EMULATED_CREDENTIALS.clientSecret),
      refused: connectorWith('a-wrong-client-secret'),
      select: ['google-ads.campaigns', 'google-ads.campaign_days'],
      start: AD_START,
      now: () => new Date(now),
      secrets: [
        EMULATED_CREDENTIALS.clientSecret,
        EMULATED_CREDENTIALS.refreshToken,
        EMULATED_CREDENTIALS.developerToken,
        'a-wrong-client-secret',
      ],
      later: () => void (now = AD_LATER),
      refusal: (text) => JSON.stringify([{ error: { code: 400, message: text, status: text } }]),
      says: {
        wait: { special: 'resource_exhausted:1' },
        expired: {
          status: 401,
          headers: { 'content-type': 'application/json; charset=UTF-8' },
          body: '[{"error":{"code":401,"message":"Request had invalid authentication credentials.","status":"UNAUTHENTICATED"}}]',
        },
        quota: { special: 'daily_quota' },
      },
    };
  },
};
