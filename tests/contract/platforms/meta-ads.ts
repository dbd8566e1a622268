/** Meta Ads: one account, some days. */
import { metaAds } from '../../../connectors/meta-ads/index.ts';
import { EMULATED_TOKEN, startMetaAdsEmulator } from '../../../fixtures/emulators/meta-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_BEFORE, AD_FIRST, AD_LATER, AD_START, adWorld, spendOf, YEN } from './ad-world.ts';
import { again, onEmulator } from './on-emulator.ts';

const ACCOUNTS = ['300000000000001', YEN];
const LIST = /\/campaigns$/;

export const metaAdsUnderTest: ConnectorUnderTest = {
  name: 'meta-ads',
  without: {
    'ten times the records': 'days and accounts grow, and each report of a week is read in pages of 500',
    merged: 'campaigns are not merged',
    'pages of any size': 'large pages are refused, not cut: tests/connectors/meta-ads/reports.test.ts',
    'token ends in mid-run': 'a system user token cannot be renewed',
    'quota used up': 'told by usage headers before it happens: tests/connectors/meta-ads/faults.test.ts',
  },
  async start() {
    let now = AD_FIRST;
    const world = adWorld('meta-ads');
    const emulator = await startMetaAdsEmulator({ world, now: () => now });
    emulator.setCourse([{ status: 'Job Completed', percent: 100 }]);
    const connectorWith = (accessToken: string) =>
      metaAds({ accessToken, endpoint: emulator.url, pollSeconds: 0.005, accountIds: ACCOUNTS });
    return {
      ...onEmulator(emulator, /^(GET|POST) \/v\d/),
      connector: connectorWith(EMULATED_TOKEN),
      refused: connectorWith('EAAwrongSystemUserToken0123456789'),
      select: ['meta-ads.campaigns', 'meta-ads.campaign_days'],
      start: AD_START,
      now: () => new Date(now),
      secrets: [EMULATED_TOKEN, 'EAAwrongSystemUserToken0123456789'],
      beforeAnything: () => void (now = AD_BEFORE),
      later: () => void (now = AD_LATER),
      truth: {
        sql: `select account_id, campaign_id, currency, cast(date as text), cast(cast(spend * 1000000 as bigint) as text)
          from "raw_meta_ads".campaign_days order by 1, 2, 3, 4`,
        rows: spendOf(world, ACCOUNTS),
      },
      refuses: {
        'a version that ended': () => again(emulator, LIST, { path: (path) => path.replace('v26.0', 'v23.0') }),
        'an unknown field': () => again(emulator, LIST, { query: { fields: 'id,unknown' } }),
        'a missing permission': () => {
          emulator.setPermissions([]);
          return again(emulator, LIST);
        },
      },
      refusal: (text) => JSON.stringify({ error: { message: text, type: text, code: 100, fbtrace_id: text } }),
      says: { wait: { special: 'code_80000' }, slower: { special: 'code_17' } },
    };
  },
};
