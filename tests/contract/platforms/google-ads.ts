/** Google Ads: one account, some days. */
import { googleAds } from '../../../connectors/google-ads/index.ts';
import { EMULATED_CREDENTIALS, startGoogleAdsEmulator } from '../../../fixtures/emulators/google-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_BEFORE, AD_FIRST, AD_LATER, AD_START, adWorld, spendOf, YEN } from './ad-world.ts';
import { again, onEmulator } from './on-emulator.ts';

const QUERY = /searchStream$/;

export const googleAdsUnderTest: ConnectorUnderTest = {
  name: 'google-ads',
  without: {
    'ten times the records': 'tests/connectors/google-ads/memory.test.ts',
    merged: 'campaigns are not merged',
    'records in another order': 'rows are asked for in the order of days, which the platform keeps',
    'pages of any size':
      'answers are streams, whose parts the platform sizes: tests/connectors/google-ads/answer-parts.test.ts',
  },
  async start() {
    let now = AD_FIRST;
    const world = adWorld('google-ads');
    const emulator = await startGoogleAdsEmulator({ world, now: () => now, batchRows: 7 });
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
      beforeAnything: () => void (now = AD_BEFORE),
      later: () => void (now = AD_LATER),
      truth: {
        sql: `select account_id, campaign_id, currency, cast(date as text), cast(cast(cost * 1000000 as bigint) as text)
          from "raw_google_ads".campaign_days order by 1, 2, 3, 4`,
        rows: spendOf(world, ['2000000001', '2000000002', YEN]),
      },
      refuses: {
        'a version that ended': () => again(emulator, QUERY, { path: (path) => path.replace('/v25/', '/v19/') }),
        'an unknown field': () =>
          again(emulator, QUERY, { body: (body) => body.replace('SELECT ', 'SELECT campaign.x, ') }),
        'a page size': () => again(emulator, QUERY, { body: (body) => body.replace('{', '{"pageSize":100,') }),
        'an account of others': () =>
          again(emulator, QUERY, { path: (path) => path.replace(/customers\/\d+/, 'customers/999') }),
      },
      refusal: (text) => JSON.stringify([{ error: { code: 400, message: text, status: text } }]),
      says: {
        wait: { special: 'resource_exhausted:1' },
        slower: { special: 'temporarily_exhausted' },
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
