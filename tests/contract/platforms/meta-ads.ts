/** Meta Ads: one account, some days. */
import { metaAds } from '../../../connectors/meta-ads/index.ts';
import { EMULATED_TOKEN, startMetaAdsEmulator } from '../../../fixtures/emulators/meta-ads/index.ts';
import type { ConnectorUnderTest } from '../../../src/testing/index.ts';
import { AD_FIRST, AD_LATER, AD_START, adWorld } from './ad-world.ts';
import { onEmulator } from './on-emulator.ts';

export const metaAdsUnderTest: ConnectorUnderTest = {
  name: 'meta-ads',
  without: {
    'pages of any size': 'large pages are refused, not cut: tests/connectors/meta-ads/reports.test.ts',
    'token ends in mid-run': 'a system user token cannot be renewed',
    'quota used up': 'told by usage headers before it happens: tests/connectors/meta-ads/faults.test.ts',
  },
  async start() {
    let now = AD_FIRST;
    const emulator = await startMetaAdsEmulator({ world: adWorld, now: () => now });
    emulator.setCourse([{ status: 'Job Completed', percent: 100 }]);
    const connectorWith = (accessToken: string) =>
      metaAds({ accessToken, endpoint: emulator.url, pollSeconds: 0.005, accountIds: ['300000000000001'] });
    return {
      ...onEmulator(emulator, /^(GET|POST) \/v\d/),
      connector: connectorWith(EMULATED_TOKEN),
      refused: connectorWith('EAAwrongSystemUserToken0123456789'),
      select: ['meta-ads.campaigns', 'meta-ads.campaign_days'],
      start: AD_START,
      now: () => new Date(now),
      secrets: [EMULATED_TOKEN, 'EAAwrongSystemUserToken0123456789'],
      later: () => void (now = AD_LATER),
      refusal: (text) => JSON.stringify({ error: { message: text, type: text, code: 100, fbtrace_id: text } }),
      says: { wait: { special: 'code_17' } },
    };
  },
};
