import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { connectTo, startSetting, type Setting } from './connection.ts';

let setting: Setting;
beforeAll(async () => {
  setting = await startSetting();
});
afterAll(() => setting.close());

describe('the check', () => {
  it('names the accounts with zone and currency, and the version’s end', async () => {
    const lines = await setting.connection.check();
    expect(lines[0]).toMatchObject({
      subject: 'API version',
      status: 'ok',
      message: 'v25, supported for about 412 more days',
    });
    expect(lines).toContainEqual({
      subject: 'credentials',
      status: 'ok',
      message:
        'accepted; access tokens are renewed; a refresh token of an app in testing ends after 7 days, others when unused for six months',
    });
    expect(lines).toContainEqual({ subject: 'accounts', status: 'ok', message: '2 to read' });
    expect(lines).toContainEqual({
      subject: 'account 2000000001',
      status: 'ok',
      message: 'Example Deutschland, EUR, Europe/Paris',
      account: { timeZone: 'Europe/Paris', currency: 'EUR' },
    });
    expect(lines).toContainEqual(expect.objectContaining({ subject: 'account 2000000003', status: 'warning' }));
  });

  it('warns sixty days before the version ends, and fails after', async () => {
    const line = async (now: string) => (await (await connectTo(setting.emulator, {}, now)).connection.check())[0];
    expect(await line('2027-06-02T00:00:00Z')).toMatchObject({ status: 'ok' });
    expect(await line('2027-06-03T00:00:00Z')).toMatchObject({
      status: 'warning',
      message: expect.stringMatching(/59 more days: upgrade/) as string,
    });
    expect(await line('2027-08-01T00:00:00Z')).toMatchObject({ status: 'error' });
  });

  it('says why it could not come in, without failing itself', async () => {
    const { connection } = await connectTo(setting.emulator, { refreshToken: 'an-old-refresh-token' });
    expect(await connection.check()).toContainEqual({
      subject: 'credentials',
      status: 'error',
      message: expect.stringMatching(/invalid_grant/) as string,
    });
  });

  it('says of a platform that is down that it is, not that the credentials are wrong', async () => {
    setting.emulator.inject({ match: 'searchStream', status: 503, headers: { 'retry-after': '3600' }, body: '' });
    const lines = (await connectTo(setting.emulator)).connection.check();
    expect((await lines).filter(({ status }) => status === 'error')).toEqual([
      { subject: 'platform', status: 'error', message: expect.stringMatching(/503/) as string },
    ]);
  });

  it('makes no claim where no account is reached', async () => {
    const { connection } = await connectTo(setting.emulator, { customerIds: ['555-555-5555'] });
    const lines = await connection.check();
    expect(lines).toContainEqual(expect.objectContaining({ subject: 'accounts', status: 'error' }));
    expect(lines).toContainEqual(expect.objectContaining({ subject: 'account 5555555555', status: 'warning' }));
  });
});
