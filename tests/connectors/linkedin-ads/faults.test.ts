import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openApi } from '../../../connectors/linkedin-ads/api.ts';
import { classify } from '../../../connectors/linkedin-ads/classify.ts';
import { LinkedinError } from '../../../connectors/linkedin-ads/failures.ts';
import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { options } from '../../../connectors/linkedin-ads/options.ts';
import { EMULATED_CREDENTIALS, EMULATED_TOKEN } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import { redact } from '../../../src/secret.ts';
import { readDays, readSnapshot, thrown } from '../reading.ts';
import {
  connectTo,
  HOME,
  NOW,
  optionsFor,
  renewingOptionsFor,
  startSetting,
  world,
  type Setting,
} from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-03';
const facts = [...world.at(NOW).campaignFacts(HOME, FROM, TO)];

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
  await readSnapshot(setting.connection, 'campaign_groups', { account_id: HOME });
});
afterEach(() => setting.close());

const read = (connection = setting.connection) => readDays(connection, 'campaign_group_days', HOME, FROM, TO);

describe('a fault that passes', () => {
  const passing = {
    'JSON without elements': { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
    'an internal error of the platform': { special: 'internal_error' },
    'a question that took too long': { special: 'gateway_timeout' },
    'the limit of calls in a moment': { special: 'burst' },
    'the limit of the volume of data': { special: 'data_volume' },
    'a bare 429 of the infrastructure': { status: 429, body: '' },
  };
  for (const [name, fault] of Object.entries(passing)) {
    it(`is waited out: ${name}`, async () => {
      setting.emulator.inject({ match: 'adAnalytics', ...fault });
      expect(await read()).toHaveLength(facts.length);
      expect(setting.connection.gateway.spent.retries).toBe(1);
    });
  }

  it('of the volume of data takes the five minutes over which it is counted', () => {
    const message = 'Too many metric values were requested within 5 minutes: the limit is 45000000 metric values.';
    expect(classify(new LinkedinError(message, { status: 429 }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 300_000,
    });
  });
});

describe('the calls of the day', () => {
  it('that are used up end the run cleanly, without one more call', async () => {
    setting.emulator.inject({ match: 'adAnalytics', special: 'day_limit', times: 5 });
    const before = setting.emulator.requests.length;
    expect(await thrown(read())).toMatchObject({
      code: 'QUOTA_EXHAUSTED',
      retryable: true,
      hint: expect.stringMatching(/midnight UTC/) as string,
    });
    expect(setting.emulator.requests).toHaveLength(before + 1);
  });
});

describe('a fault that stays', () => {
  const lasting: [string, string, string, RegExp][] = [
    ['an expired token', 'expired_token', 'AUTH_FAILED', /60 days/],
    ['a revoked token', 'revoked_token', 'AUTH_FAILED', /revoked the token/],
    ['a missing permission', 'access_denied', 'AUTH_FAILED', /r_ads_reporting/],
  ];
  for (const [name, special, code, hint] of lasting) {
    it(`ends the stream at once with what to do: ${name}`, async () => {
      setting.emulator.inject({ match: 'adAnalytics', special });
      const error = await thrown(read());
      expect(error).toMatchObject({ code, hint: expect.stringMatching(hint) as string, retryable: false });
      expect(error.message).toMatch(/request id Emulated/);
      expect(setting.connection.gateway.spent.retries).toBe(0);
    });
  }

  it('is a scope that the token does not have', async () => {
    setting.emulator.setScopes(['r_ads']);
    expect(await thrown(read())).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/403 ACCESS_DENIED 100: Not enough permissions.*partnerApiAdAnalytics/) as string,
    });
  });

  it('is a version the platform has switched off', async () => {
    const { connection } = await connectTo(setting.emulator, { apiVersion: '202511' });
    expect(await thrown(read(connection))).toMatchObject({
      code: 'REQUEST_REJECTED',
      message: expect.stringMatching(/426 NONEXISTENT_VERSION: Requested version 20251101 is not active/) as string,
      hint: expect.stringMatching(/apiVersion/) as string,
    });
  });
});

describe('a refresh token', () => {
  const renewing = (more: object = {}) => connectTo(setting.emulator, { ...EMULATED_CREDENTIALS, ...more });
  const issued = () => setting.emulator.requests.filter(({ url }) => url.pathname === '/oauth/v2/accessToken');

  it('gives one access token per run', async () => {
    const { connection } = await renewing();
    await Promise.all([read(connection), readSnapshot(connection, 'creatives', { account_id: HOME })]);
    expect(issued()).toHaveLength(1);
  });

  it('gives a new one in mid-run where the platform refuses the old one', async () => {
    const { connection } = await renewing();
    await read(connection);
    setting.emulator.expireToken('AQXemulatedAccessToken000001');
    expect(await read(connection)).toHaveLength(facts.length);
    expect(issued()).toHaveLength(2);
    expect(connection.gateway.spent.retries).toBe(0);
  });

  it('that has ended, or credentials of the app that are wrong, end the run with what to do', async () => {
    setting.emulator.setRefreshTokenEnd('2026-06-01T00:00:00.000Z');
    expect(await thrown(read((await renewing()).connection))).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/invalid_grant/) as string,
      hint: expect.stringMatching(/lives for a year/) as string,
    });
    const wrong = await renewing({ clientSecret: 'another-secret-of-an-app' });
    expect(await thrown(read(wrong.connection))).toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/invalid_client/) as string,
    });
  });

  it('is waited for where the token service fails for a moment', async () => {
    setting.emulator.inject({ match: '/oauth/v2/accessToken', ...HTML_502 });
    expect(await read((await renewing()).connection)).toHaveLength(facts.length);
  });
});

describe('options', () => {
  it('name one way of access, whole', () => {
    const base = { endpoint: 'http://127.0.0.1:9' };
    const message = (given: object) => {
      try {
        linkedinAds({ ...base, ...given });
        return 'nothing was thrown';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const { clientId, clientSecret, refreshToken } = EMULATED_CREDENTIALS;
    expect(message({})).toMatch(/linkedin-ads.accessToken: give either accessToken or refreshToken/);
    expect(message({ accessToken: EMULATED_TOKEN, ...EMULATED_CREDENTIALS })).toMatch(/either accessToken or/);
    expect(message({ refreshToken })).toMatch(/refreshToken: a refresh token needs clientId and clientSecret/);
    expect(message({ accessToken: EMULATED_TOKEN, clientId })).toMatch(/belong together/);
    expect(message({ accessToken: EMULATED_TOKEN, apiVersion: '2026-10' })).toMatch(/apiVersion: expected a version/);
    expect(message({ accessToken: EMULATED_TOKEN, accountIds: ['act_1'] })).toMatch(
      /accountIds.0: expected an account/,
    );
    expect(message({ accessToken: EMULATED_TOKEN, canonicalConversion: 'lead' })).toMatch(/id of a conversion rule/);
    expect(message({ accessToken: EMULATED_TOKEN, clientId, clientSecret })).toBe('nothing was thrown');
  });

  it('take both addresses from the environment', async () => {
    process.env['REVOPS_LINKEDIN_ADS_ENDPOINT'] = setting.emulator.url;
    process.env['REVOPS_LINKEDIN_ADS_TOKEN_ENDPOINT'] = `${setting.emulator.url}/oauth/v2`;
    try {
      const connector = linkedinAds({ ...EMULATED_CREDENTIALS, requestsPerSecond: 100 });
      const signal = new AbortController().signal;
      const connection = await connector.open({ now: () => new Date(NOW), signal, note: () => undefined });
      expect(await read(connection)).toHaveLength(facts.length);
    } finally {
      delete process.env['REVOPS_LINKEDIN_ADS_ENDPOINT'];
      delete process.env['REVOPS_LINKEDIN_ADS_TOKEN_ENDPOINT'];
    }
  });
});

describe('secrets', () => {
  it('are in no error, whatever fails', async () => {
    const spent = { requests: 0, retries: 0, waitedMs: 0 };
    const gateway = { spent, call: <T>(_label: string, request: () => Promise<T>) => request() };
    const faults = [
      HTML_502,
      { reset: true },
      { special: 'expired_token' },
      { special: 'day_limit' },
      { resetAfterBytes: 30 },
      { status: 200, body: '<html>' },
    ];
    for (const given of [optionsFor(setting.emulator), renewingOptionsFor(setting.emulator)]) {
      const signal = new AbortController().signal;
      const context = { gateway, now: () => new Date(NOW), signal, note: () => undefined };
      const api = openApi(options.parse(given), context);
      for (const match of ['adAccounts', 'oauth']) {
        for (const fault of faults) {
          setting.emulator.clearFaults();
          setting.emulator.inject({ match, times: 2, ...fault });
          const error = await api.find('adAccounts', 'search', {}).catch((failure: unknown) => failure);
          const told = inspect(error, { depth: 12, showHidden: true });
          for (const secret of [EMULATED_TOKEN, 'AQXemulated', ...Object.values(EMULATED_CREDENTIALS)])
            expect(told).not.toContain(secret);
          if (error instanceof Error) expect(classify(error).message).not.toBe('unknown error');
        }
      }
    }
  });

  it('that are issued in a run are removed from every text', async () => {
    const { connection } = await connectTo(setting.emulator, EMULATED_CREDENTIALS);
    await read(connection);
    expect(redact('the token AQXemulatedAccessToken000001 was refused')).toBe('the token [secret] was refused');
  });

  it('are not printed with the options', () => {
    const told = inspect(linkedinAds(renewingOptionsFor({ url: 'http://127.0.0.1:9' })), { depth: 12 });
    for (const secret of Object.values(EMULATED_CREDENTIALS)) expect(told).not.toContain(secret);
  });
});

describe('a stop', () => {
  it('of the run is not held up by an answer that does not come', async () => {
    const stop = new AbortController();
    const { connection } = await connectTo(setting.emulator, {}, NOW, stop.signal);
    await readSnapshot(connection, 'campaign_groups', { account_id: HOME });
    setting.emulator.inject({ match: 'adAnalytics', delayMs: 20_000 });
    const started = performance.now();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await thrown(read(connection));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
