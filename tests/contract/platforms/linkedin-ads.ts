/** LinkedIn Ads by renewed tokens: one account, some days. */
import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { EMULATED_CREDENTIALS, startLinkedinAdsEmulator } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_BEFORE, AD_FIRST, AD_LATER, AD_START, adWorld, spendOf, YEN } from './ad-world.ts';
import { again, onEmulator } from './on-emulator.ts';

const ACCOUNTS = ['510000001', YEN];
const ANALYTICS = /adAnalytics$/;
const CAMPAIGNS = /adCampaigns$/;

export const linkedinAdsUnderTest: ConnectorUnderTest = {
  name: 'linkedin-ads',
  without: {
    merged: 'campaigns are not merged',
    'ten times the records': 'an answer has no pages, and 15,000 elements at most',
  },
  async start() {
    let now = AD_FIRST;
    const world = adWorld('linkedin-ads');
    const emulator = await startLinkedinAdsEmulator({ world, now: () => now });
    const connectorWith = (clientSecret: string) =>
      linkedinAds({
        ...EMULATED_CREDENTIALS,
        clientSecret,
        endpoint: emulator.url,
        tokenEndpoint: `${emulator.url}/oauth/v2`,
        requestsPerSecond: 1_000,
        accountIds: ACCOUNTS,
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
      beforeAnything: () => void (now = AD_BEFORE),
      later: () => void (now = AD_LATER),
      truth: {
        sql: `select account_id, campaign_group_id, currency, cast(date as text), cast(cast(sum(spend) * 1000000 as bigint) as text)
          from "raw_linkedin_ads".campaign_days group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
        rows: spendOf(world, ACCOUNTS),
      },
      refuses: {
        'a version that ended': () => again(emulator, ANALYTICS, { headers: { 'linkedin-version': '202401' } }),
        'an unknown field': () => again(emulator, ANALYTICS, { query: { fields: 'impressions,unknown' } }),
        'too large a page': () => again(emulator, CAMPAIGNS, { query: { pageSize: '5000' } }),
        'a missing permission': () => {
          emulator.setScopes(['r_ads']);
          return again(emulator, ANALYTICS);
        },
      },
      says: {
        wait: { special: 'data_volume' },
        slower: {
          status: 429,
          headers: { 'content-type': 'application/json' },
          body: '{"status":429,"message":"Too many requests"}',
        },
        expired: { special: 'expired_token' },
        quota: { special: 'day_limit' },
      },
    };
  },
};
