import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { sunsetOf } from '../../../connectors/linkedin-ads/version.ts';
import { EMULATED_CREDENTIALS, EMULATED_TOKEN } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { connectTo, startSetting, type Setting } from './connection.ts';

const { clientId, clientSecret } = EMULATED_CREDENTIALS;

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting({}, { clientId, clientSecret });
});
afterEach(() => setting.close());

describe('the check', () => {
  it('names the version’s end, the token’s end, the accounts with currency and zone, and the limits', async () => {
    expect(await setting.connection.check()).toEqual([
      { subject: 'API version', status: 'ok', message: '202610, supported for about 486 more days' },
      { subject: 'credentials', status: 'ok', message: 'accepted, the token ends in 50 days' },
      { subject: 'accounts', status: 'ok', message: '3 to read' },
      {
        subject: 'account 2000000004',
        status: 'ok',
        message: 'Example JPY, JPY, UTC',
        account: { timeZone: 'UTC', currency: 'JPY' },
      },
      {
        subject: 'account 510000001',
        status: 'ok',
        message: 'Example Network “EU”, EUR, UTC',
        account: { timeZone: 'UTC', currency: 'EUR' },
      },
      {
        subject: 'account 510000002',
        status: 'ok',
        message: 'Example Network West, EUR, UTC',
        account: { timeZone: 'UTC', currency: 'EUR' },
      },
      { subject: 'figures', status: 'ok', message: 'can be read' },
      { subject: 'conversion rules', status: 'ok', message: 'can be read' },
      {
        subject: 'limits',
        status: 'ok',
        message: "the platform does not tell what is left of the day's calls; the app's page Analytics does",
      },
    ]);
  });

  it('warns before the version ends, fails after, and knows when others end', async () => {
    const line = async (now: string, options = {}) =>
      (await (await connectTo(setting.emulator, options, now)).connection.check())[0];
    expect(await line('2027-09-15T00:00:00Z')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/about 30 more days: upgrade/) as string,
    });
    expect(await line('2027-11-01T00:00:00Z')).toMatchObject({ status: 'error' });
    expect(await line('2026-12-01T00:00:00Z', { apiVersion: '202601' })).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/45 more days/) as string,
    });
    expect([sunsetOf('202603'), sunsetOf('202607'), sunsetOf('202613')]).toEqual([
      '2027-03-16',
      '2027-07-15',
      undefined,
    ]);
  });

  it('tells the end of a refresh token, which using it does not put off', async () => {
    const line = async () => (await (await connectTo(setting.emulator, EMULATED_CREDENTIALS)).connection.check())[1];
    expect(await line()).toEqual({
      subject: 'credentials',
      status: 'ok',
      message: 'accepted, the refresh token ends in 199 days',
    });
    setting.emulator.setRefreshTokenEnd('2026-06-20T12:00:00.000Z');
    expect(await line()).toEqual({
      subject: 'credentials',
      status: 'warning',
      message: 'accepted, the refresh token ends in 5 days: ask the member for consent again',
    });
  });

  it('says that it cannot tell a token’s end without the app’s credentials', async () => {
    const { connection } = await connectTo(setting.emulator);
    expect((await connection.check())[1]).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/give clientId and clientSecret/) as string,
    });
  });

  it('says what is wrong with the token, without failing itself', async () => {
    setting.emulator.setScopes(['r_ads']);
    const lines = await setting.connection.check();
    expect(lines).toContainEqual({
      subject: 'permissions',
      status: 'error',
      message: 'r_ads_reporting missing: ask for consent with r_ads and r_ads_reporting',
    });
    expect(lines).toContainEqual({
      subject: 'figures',
      status: 'error',
      message: expect.stringMatching(/Not enough permissions/) as string,
    });
    setting.emulator.inject({ match: '/rest/conversions', special: 'access_denied' });
    expect(await (await connectTo(setting.emulator)).connection.check()).toContainEqual({
      subject: 'conversion rules',
      status: 'error',
      message: expect.stringMatching(/403 ACCESS_DENIED/) as string,
    });
    setting.emulator.expireToken(EMULATED_TOKEN);
    const { connection } = await connectTo(setting.emulator);
    expect(await connection.check()).toContainEqual({
      subject: 'credentials',
      status: 'error',
      message: expect.stringMatching(/401 EXPIRED_ACCESS_TOKEN 65602/) as string,
    });
    expect(await setting.connection.check()).toContainEqual({
      subject: 'credentials',
      status: 'error',
      message: 'the token is no longer valid: make a new one',
    });
  });

  it('says of a platform that is down that it is, not that the token is wrong', async () => {
    const outage = { status: 503, headers: { 'retry-after': '3600' }, body: '' };
    const other = await startSetting();
    try {
      other.emulator.inject({ match: 'adAccounts', ...outage });
      expect((await other.connection.check()).filter(({ status }) => status === 'error')).toEqual([
        { subject: 'platform', status: 'error', message: expect.stringMatching(/503/) as string },
      ]);
      other.emulator.inject({ match: 'adAnalytics', ...outage });
      const lines = await (await connectTo(other.emulator)).connection.check();
      expect(lines.filter(({ status }) => status === 'error').map(({ subject }) => subject)).toEqual(['figures']);
    } finally {
      await other.close();
    }
  });

  it('misses accounts where the member has a role on none', async () => {
    const other = await startSetting(
      { tokens: { 'a-token-without-a-role': [] } },
      { accessToken: 'a-token-without-a-role' },
    );
    try {
      expect(await other.connection.check()).toContainEqual({
        subject: 'accounts',
        status: 'error',
        message: expect.stringMatching(/give the member of the token a role/) as string,
      });
    } finally {
      await other.close();
    }
  });
});
