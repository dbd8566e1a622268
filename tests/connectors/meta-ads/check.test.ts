import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { EMULATED_TOKEN } from '../../../fixtures/emulators/meta-ads/index.ts';
import { connectTo, startSetting, type Setting } from './connection.ts';

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
});
afterEach(() => setting.close());

describe('the check', () => {
  it('names the version’s end, the token, the accounts with zone and currency, and the limits', async () => {
    const lines = await setting.connection.check();
    expect(lines).toEqual([
      { subject: 'API version', status: 'ok', message: 'v26.0, supported for about 409 more days' },
      { subject: 'credentials', status: 'ok', message: 'accepted, the token does not expire' },
      { subject: 'accounts', status: 'ok', message: '3 to read' },
      {
        subject: 'account 2000000004',
        status: 'ok',
        message: 'Example JPY, JPY, Asia/Tokyo',
        account: { timeZone: 'Asia/Tokyo', currency: 'JPY' },
      },
      {
        subject: 'account 300000000000001',
        status: 'ok',
        message: 'Example Social “EU”, EUR, Europe/Paris',
        account: { timeZone: 'Europe/Paris', currency: 'EUR' },
      },
      {
        subject: 'account 300000000000002',
        status: 'ok',
        message: 'Example Social West, EUR, America/Los_Angeles',
        account: { timeZone: 'America/Los_Angeles', currency: 'EUR' },
      },
      { subject: 'limits', status: 'ok', message: "2 % of the app's calls are used" },
    ]);
  });

  it('warns before the version ends, fails after, and does not know others', async () => {
    const line = async (now: string, options = {}) =>
      (await (await connectTo(setting.emulator, options, now)).connection.check())[0];
    expect(await line('2027-06-15T00:00:00Z')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/44 more days: upgrade/) as string,
    });
    expect(await line('2027-08-01T00:00:00Z')).toMatchObject({ status: 'error' });
    expect(await line('2026-06-15T00:00:00Z', { apiVersion: 'v27.0' })).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/not one/) as string,
    });
  });

  it('says what is wrong with the token, without failing itself', async () => {
    setting.emulator.setPermissions(['pages_read_engagement']);
    expect(await setting.connection.check()).toContainEqual({
      subject: 'permissions',
      status: 'error',
      message: 'ads_read is missing: make a token with it',
    });
    setting.emulator.expireToken(EMULATED_TOKEN);
    expect(await setting.connection.check()).toContainEqual({
      subject: 'credentials',
      status: 'error',
      message: expect.stringMatching(/code 190\/463/) as string,
    });
  });

  it('says of a platform that is down that it is, not that the token is wrong', async () => {
    setting.emulator.inject({
      match: 'adaccounts',
      status: 503,
      headers: {
        'content-type': 'application/json',
        'x-business-use-case-usage': JSON.stringify({ 1: [{ estimated_time_to_regain_access: 60 }] }),
      },
      body: JSON.stringify({ error: { message: 'Service temporarily unavailable', code: 2, is_transient: true } }),
    });
    const { connection } = await connectTo(setting.emulator);
    const lines = await connection.check();
    expect(lines.filter(({ subject }) => subject === 'credentials')).toMatchObject([{ status: 'ok' }]);
    expect(lines.at(-1)).toEqual({
      subject: 'platform',
      status: 'error',
      message: expect.stringMatching(/temporarily unavailable/) as string,
    });
  });

  it('warns when the limits are nearly used up', async () => {
    setting.emulator.setUsage({ app: 80 });
    expect((await setting.connection.check()).at(-1)).toMatchObject({ subject: 'limits', status: 'warning' });
  });
});
