/** What the connector leaves of the SDK, and that nothing of it is shared by two connections or with the process. */
import { AdReportRun, FacebookAdsApi } from 'facebook-nodejs-business-sdk';
import { expect, it } from 'vitest';

import { API_VERSION, sunsetOf } from '../../../connectors/meta-ads/version.ts';
import { startMetaAdsEmulator } from '../../../fixtures/emulators/meta-ads/index.ts';
import { readDays, readSnapshot } from '../reading.ts';
import { connectTo, HOME, NOW, startSetting, WEST, world } from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-03';

it('two connections with their own tokens, addresses and versions read at the same time, each its own', async () => {
  const [first, second] = await Promise.all([
    startMetaAdsEmulator({ world, now: () => NOW, tokens: { 'token-of-the-first': [HOME] } }),
    startMetaAdsEmulator({
      world,
      now: () => NOW,
      tokens: { 'token-of-the-second': [WEST] },
      appSecret: 'secret-of-the-second',
    }),
  ]);
  try {
    const one = await connectTo(first, { accessToken: 'token-of-the-first', apiVersion: 'v25.0' });
    const two = await connectTo(second, { accessToken: 'token-of-the-second', appSecret: 'secret-of-the-second' });
    const [home, west] = await Promise.all([
      readDays(one.connection, 'campaign_days', HOME, FROM, TO),
      readDays(two.connection, 'campaign_days', WEST, FROM, TO),
    ]);
    expect(home).toHaveLength([...world.at(NOW).campaignFacts(HOME, FROM, TO)].length);
    expect(west).toHaveLength([...world.at(NOW).campaignFacts(WEST, FROM, TO)].length);
    const tokens = (requests: typeof first.requests) =>
      new Set(requests.map(({ url }) => `${url.pathname.split('/')[1]} ${url.searchParams.get('access_token')}`));
    expect(tokens(first.requests)).toEqual(new Set(['v25.0 token-of-the-first']));
    expect(tokens(second.requests)).toEqual(new Set(['v26.0 token-of-the-second']));
    expect(first.requests.some(({ url }) => url.searchParams.has('appsecret_proof'))).toBe(false);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
});

it('nothing is left in the process: no handler, no default connection, no changed getter', async () => {
  const handlers = process.listenerCount('uncaughtException');
  const setting = await startSetting();
  try {
    await readDays(setting.connection, 'campaign_days', HOME, FROM, FROM);
    expect(process.listenerCount('uncaughtException')).toBe(handlers);
    expect(FacebookAdsApi.getDefaultApi()).toBeUndefined();
    expect([FacebookAdsApi.GRAPH, FacebookAdsApi.VERSION]).toEqual(['https://graph.facebook.com', 'v24.0']);
  } finally {
    await setting.close();
  }
});

it('the SDK still needs its own version to be overridden, and forgets whose a report is', () => {
  expect(API_VERSION).not.toBe(FacebookAdsApi.VERSION);
  expect(sunsetOf(API_VERSION)).toBeDefined();
  const api = new FacebookAdsApi('a-token', 'en_US', false);
  expect(
    (new AdReportRun('1', { report_run_id: '1' }, undefined, api) as unknown as { _api: unknown })._api,
  ).toBeUndefined();
});

it('options are checked: version, account ids', async () => {
  const setting = await startSetting();
  try {
    await expect(connectTo(setting.emulator, { apiVersion: '26' })).rejects.toThrow(
      /meta-ads.apiVersion: expected a version/,
    );
    await expect(connectTo(setting.emulator, { accountIds: ['abc'] })).rejects.toThrow(
      /accountIds.0: expected an account id/,
    );
    const { connection } = await connectTo(setting.emulator, { accountIds: [HOME] });
    expect(await readSnapshot(connection, 'accounts')).toHaveLength(1);
  } finally {
    await setting.close();
  }
});
