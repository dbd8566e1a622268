import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { classify } from '../../../connectors/meta-ads/classify.ts';
import { openGraph } from '../../../connectors/meta-ads/graph.ts';
import { metaAds } from '../../../connectors/meta-ads/index.ts';
import { options } from '../../../connectors/meta-ads/options.ts';
import { EMULATED_TOKEN } from '../../../fixtures/emulators/meta-ads/index.ts';
import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import { readDays, readSnapshot, thrown } from '../reading.ts';
import { connectTo, HOME, NOW, optionsFor, startSetting, WEST, world, type Setting } from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-03';
const facts = [...world.at(NOW).campaignFacts(HOME, FROM, TO)];
const RESULTS = 'GET .*/\\d+/insights';

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
  await readSnapshot(setting.connection, 'accounts');
});
afterEach(() => setting.close());

const read = (accountId = HOME) => readDays(setting.connection, 'campaign_days', accountId, FROM, TO);

describe('a fault that passes', () => {
  const passing = {
    'an HTML 502 of a load balancer': HTML_502,
    'HTML with status 200': { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>maintenance</html>' },
    'a connection reset': { reset: true },
    'a body that breaks off': { resetAfterBytes: 200 },
    'a transient error of the platform': { special: 'transient' },
    'an unknown error of the platform': { special: 'unknown' },
    'the limit of the app': { special: 'code_4' },
    'the limit of the user': { special: 'code_17' },
    'the limit of calls': { special: 'code_613' },
    'the limit of the account': { special: 'code_80000' },
    'a bare 429': { status: 429, body: '{}' },
  };
  for (const [name, fault] of Object.entries(passing)) {
    it(`is waited out: ${name}`, async () => {
      setting.emulator.inject({ match: RESULTS, ...fault });
      expect(await read()).toHaveLength(facts.length);
      expect(setting.connection.gateway.spent.retries).toBe(1);
    });
  }

  it('is met while polling and asking as well', async () => {
    setting.emulator.inject({ match: 'POST', ...HTML_502 });
    setting.emulator.inject({ match: 'GET /v26.0/\\d+\\?', reset: true });
    expect(await read()).toHaveLength(facts.length);
    expect(setting.connection.gateway.spent.retries).toBe(2);
  });
});

describe('limits', () => {
  it('that are used up for longer stop the run cleanly, with the wait the platform asks for', async () => {
    setting.emulator.setUsage({ account: 100, regainMinutes: 17 }, HOME);
    setting.emulator.inject({ match: 'POST', special: 'code_80000' });
    const error = await thrown(read());
    expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryable: true });
    expect(setting.connection.gateway.spent.retries).toBe(0);
  });

  it('that are used up, without a wait the platform asks for, stop the run too', async () => {
    // It is told with the refusal itself, not before.
    setting.emulator.setUsage({ app: 100 });
    setting.emulator.inject({ match: 'POST', special: 'code_4' });
    expect(await thrown(read())).toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      message: expect.stringMatching(/request limit reached/) as string,
    });
    expect(setting.connection.gateway.spent.retries).toBe(0);
  });

  it('at 95 percent let nothing new begin, for that account; what is begun is read', async () => {
    setting.emulator.setUsage({ account: 96 }, HOME);
    setting.emulator.setCourse([{ status: 'Job Completed', percent: 100 }]);
    expect(await read()).toHaveLength(facts.length);
    const error = await thrown(read());
    expect(error).toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      message: expect.stringMatching(/96 % of the limits of account 300000000000001/) as string,
    });
    expect(setting.emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(await read(WEST)).not.toHaveLength(0);
  });

  it('at 75 percent slow requests down', async () => {
    setting.emulator.setUsage({ account: 76 }, WEST);
    const started = performance.now();
    await readDays(setting.connection, 'campaign_days', WEST, FROM, FROM);
    expect(performance.now() - started).toBeGreaterThan(5 * 250);
  });
});

describe('a fault that stays', () => {
  const lasting: [string, object, string, RegExp][] = [
    ['expired_token', { special: 'expired_token' }, 'AUTH_FAILED', /expired: make a new one/],
    ['changed_password', { special: 'changed_password' }, 'AUTH_FAILED', /password was changed/],
    ['permission_10', { special: 'permission_10' }, 'AUTH_FAILED', /ads_read/],
  ];
  for (const [name, fault, code, hint] of lasting) {
    it(`ends the stream at once with what to do: ${name}`, async () => {
      setting.emulator.inject({ match: 'POST', ...fault });
      const error = await thrown(read());
      expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) as string, retryable: false });
      expect(error.message).toMatch(/trace id Emulated/);
      expect(setting.connection.gateway.spent.retries).toBe(0);
    });
  }

  it('is a token that lacks the permission, or an account it may not read', async () => {
    setting.emulator.setPermissions([]);
    expect(await thrown(read())).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/code 200/) as string,
    });
    const other = await startSetting(
      { tokens: { 'another-token-of-a-user': [HOME] } },
      { accessToken: 'another-token-of-a-user' },
    );
    try {
      expect(await readDays(other.connection, 'campaign_days', HOME, FROM, TO)).toHaveLength(facts.length);
      await expect(readDays(other.connection, 'campaign_days', WEST, FROM, TO)).rejects.toThrow(
        /no longer among the accounts/,
      );
    } finally {
      await other.close();
    }
  });

  it('is a version the platform has retired: the SDK’s own would be one', async () => {
    const { connection } = await connectTo(setting.emulator, { apiVersion: 'v24.0' });
    expect(await thrown(readSnapshot(connection, 'accounts'))).toMatchObject({
      code: 'REQUEST_REJECTED',
      message: expect.stringMatching(/2635/) as string,
      hint: expect.stringMatching(/apiVersion/) as string,
    });
  });

  it('is a missing proof, where the app requires one; with the app’s secret every call has it', async () => {
    const strict = await startSetting({ appSecret: 'the-secret-of-the-app' });
    try {
      expect(await thrown(readSnapshot(strict.connection, 'accounts'))).toMatchObject({
        code: 'AUTH_FAILED',
        hint: expect.stringMatching(/appSecret/) as string,
      });
      const { connection } = await connectTo(strict.emulator, { appSecret: 'the-secret-of-the-app' });
      expect(await readDays(connection, 'campaign_days', HOME, FROM, TO)).toHaveLength(facts.length);
    } finally {
      await strict.close();
    }
  });
});

describe('the token', () => {
  it('is in no error, whatever fails', async () => {
    const spent = { requests: 0, retries: 0, waitedMs: 0 };
    const gateway = { spent, call: <T>(_label: string, request: () => Promise<T>) => request() };
    const graph = await openGraph(
      options.parse({ ...optionsFor(setting.emulator), appSecret: 'the-secret-of-the-app' }),
      {
        gateway,
        now: () => new Date(NOW),
        signal: new AbortController().signal,
        note: () => undefined,
      },
    );
    const faults = [
      HTML_502,
      { reset: true },
      { special: 'expired_token' },
      { special: 'code_80000' },
      { special: 'reduce' },
      { resetAfterBytes: 100 },
      { status: 200, body: '<html>' },
    ];
    for (const fault of faults) {
      setting.emulator.inject({ match: 'act_', ...fault });
      const error = await thrown(graph.account(HOME).getCampaigns(['id'], {}) as Promise<unknown>);
      const { searchParams } = setting.emulator.requests.at(-1)?.url ?? new URL('http://127.0.0.1');
      expect(searchParams.get('access_token')).toBe(EMULATED_TOKEN);
      const told = inspect(error, { depth: 12, showHidden: true });
      for (const secret of [
        EMULATED_TOKEN,
        'access_token',
        'the-secret-of-the-app',
        String(searchParams.get('appsecret_proof')),
      ])
        expect(told).not.toContain(secret);
      expect(classify(error).message).not.toBe('unknown error');
    }
  });

  it('is not printed with the options', () => {
    expect(inspect(metaAds(optionsFor({ url: 'http://127.0.0.1:9' })), { depth: 12 })).not.toContain(EMULATED_TOKEN);
  });
});

describe('a stop', () => {
  it('of the run is not held up by an answer that does not come', async () => {
    const stop = new AbortController();
    const { connection } = await connectTo(setting.emulator, {}, NOW, stop.signal);
    await readSnapshot(connection, 'accounts');
    setting.emulator.inject({ match: 'POST', delayMs: 20_000 });
    const started = performance.now();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await thrown(readDays(connection, 'campaign_days', HOME, FROM, TO));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
