import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { GoogleAdsRequestError } from '../../../connectors/google-ads/failures.ts';
import { googleAds } from '../../../connectors/google-ads/index.ts';
import { EMULATED_CREDENTIALS } from '../../../fixtures/emulators/google-ads/index.ts';
import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import { partitionsOf, readDays, readSnapshot, thrown } from '../reading.ts';
import {
  AMERICA,
  EUROPE,
  connectTo,
  NOW,
  optionsFor,
  readDaysAgain,
  startSetting,
  world,
  type Setting,
} from './connection.ts';

const FROM = '2026-05-01';
const TO = '2026-05-07';
const STREAM = 'POST .*searchStream';
const facts = [...world.at(NOW).campaignFacts(EUROPE, FROM, TO)];

let setting: Setting;
beforeEach(async () => {
  setting = await startSetting();
  // The accounts are read before the fault, so that it hits the facts.
  await readSnapshot(setting.connection, 'accounts');
});
afterEach(() => setting.close());

function read() {
  return readDays(setting.connection, 'campaign_days', EUROPE, FROM, TO);
}

describe('a fault before the first row', () => {
  const passing = {
    'an HTML 502 of a load balancer': HTML_502,
    'a connection reset': { reset: true },
    'a body cut off in the first batch': { resetAfterBytes: 300 },
    'a transient error of the platform': { special: 'transient' },
    'an internal error of the platform': { special: 'internal' },
    'a 429 without Retry-After': { status: 429, body: 'slow down' },
    'a quota of requests with the wait it asks for': { special: 'resource_exhausted:1' },
    'a quota without a wait': { special: 'temporarily_exhausted' },
  };
  for (const [name, fault] of Object.entries(passing)) {
    it(`is waited out: ${name}`, async () => {
      setting.emulator.inject({ match: STREAM, ...fault });
      expect(await read()).toHaveLength(facts.length);
      expect(setting.connection.gateway.spent.retries).toBe(1);
    });
  }

  it('is not repeated before the platform’s retryDelay is over', async () => {
    setting.emulator.inject({ match: STREAM, special: 'resource_exhausted:2' });
    const started = performance.now();
    await read();
    expect(performance.now() - started).toBeGreaterThanOrEqual(1990);
    expect(performance.now() - started).toBeLessThan(4000);
  });
});

describe('a fault in the middle of the rows', () => {
  it('is thrown, never taken for the end: an error element', async () => {
    setting.emulator.inject({ match: STREAM, special: 'mid_stream_error' });
    const { rows, failures } = await readDaysAgain(setting.connection, 'campaign_days', EUROPE, FROM, TO);
    expect(rows).toHaveLength(facts.length);
    expect(failures).toHaveLength(1);
    expect(setting.connection.classify(failures[0])).toMatchObject({
      kind: 'transient',
      message: expect.stringMatching(/INTERNAL_ERROR.*request id emulated-/) as string,
    });
  });

  it('is thrown: an array that ends without its bracket', async () => {
    setting.emulator.inject({ match: STREAM, special: 'cut_array' });
    const { rows, failures } = await readDaysAgain(setting.connection, 'campaign_days', EUROPE, FROM, TO);
    expect(rows).toHaveLength(facts.length);
    expect(failures.map((failure) => (failure as Error).name)).toEqual(['UnreadableAnswer']);
  });

  it('is thrown: a connection that breaks', async () => {
    const small = await startSetting({ batchRows: 2 });
    try {
      await readSnapshot(small.connection, 'accounts');
      small.emulator.inject({ match: STREAM, resetAfterBytes: 6000 });
      const { rows, failures } = await readDaysAgain(small.connection, 'campaign_days', EUROPE, FROM, TO);
      expect(rows).toHaveLength(facts.length);
      expect(failures).toHaveLength(1);
    } finally {
      await small.close();
    }
  });
});

describe('access tokens', () => {
  it('are fetched once and used again', async () => {
    await read();
    await read();
    expect(setting.emulator.requests.filter((request) => request.url.pathname === '/token')).toHaveLength(1);
  });

  it('are renewed when the platform no longer takes them in the middle of a run', async () => {
    setting.emulator.expireTokens();
    expect(await read()).toHaveLength(facts.length);
    expect(setting.emulator.requests.filter((request) => request.url.pathname === '/token')).toHaveLength(2);
    expect(setting.connection.gateway.spent.retries).toBe(0);
  });

  it('are renewed before they expire', async () => {
    const short = await startSetting({ tokenLifetimeSeconds: 30 });
    try {
      await readSnapshot(short.connection, 'accounts');
      expect(short.emulator.requests.filter((request) => request.url.pathname === '/token').length).toBeGreaterThan(1);
    } finally {
      await short.close();
    }
  });

  it('that cannot be had any more end the run with what to do', async () => {
    setting.emulator.revokeRefreshToken();
    setting.emulator.expireTokens();
    const error = await thrown(read());
    expect(error).toMatchObject({ code: 'AUTH_FAILED', retryable: false });
    expect(error.message).toMatch(/invalid_grant/);
    expect(error.hint).toMatch(/refresh token/);
  });

  it('are asked for again when the token endpoint is down, by one policy and not by two', async () => {
    setting.emulator.expireTokens();
    setting.emulator.inject({ match: 'POST /token', ...HTML_502, times: 2 });
    expect(await read()).toHaveLength(facts.length);
    expect(setting.connection.gateway.spent.retries).toBe(2);
    expect(setting.emulator.requests.filter((request) => request.url.pathname === '/token')).toHaveLength(4);
  });
});

describe('quotas', () => {
  it('of the day stop the run with QUOTA_EXHAUSTED at once', async () => {
    setting.emulator.setOperationsPerDay(0);
    const started = performance.now();
    const error = await thrown(read());
    expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryable: true });
    expect(error.message).toMatch(/RESOURCE_EXHAUSTED.*request id/);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('are told apart: without a wait, a quota of operations is the day’s', () => {
    const failure = (rateName: string, retryDelay?: string, code = 'RESOURCE_EXHAUSTED') =>
      setting.connection.classify(adsError(429, { quotaError: code }, { quotaErrorDetails: { rateName, retryDelay } }));
    expect(failure('Number of operations for explorer access').kind).toBe('quota_exhausted');
    expect(failure('Number of operations for basic access', '30s')).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 30_000,
    });
    expect(failure('Requests per second', '1.5s')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1500 });
    expect(failure('', undefined, 'EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION').kind).toBe('rate_limited');
    expect(failure('', undefined, 'EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION').kind).toBe('quota_exhausted');
    expect(failure('', undefined, 'ACCESS_PROHIBITED').kind).toBe('auth');
  });
});

describe('what is not worth a repeat', () => {
  it('fails at once with what to do: a wrong developer token', async () => {
    const { connection } = await connectTo(setting.emulator, { developerToken: 'not-the-developer-token' });
    const error = await thrown(readSnapshot(connection, 'accounts'));
    expect(error).toMatchObject({ code: 'AUTH_FAILED' });
    expect(error.hint).toMatch(/developerToken/);
    expect(connection.gateway.spent.retries).toBe(0);
  });

  it('fails at once: a manager the user does not reach, a wrong client secret', async () => {
    const far = await connectTo(setting.emulator, { loginCustomerId: '1234567890' });
    expect(await thrown(readSnapshot(far.connection, 'accounts'))).toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringMatching(/loginCustomerId/) as string,
    });
    const secret = await connectTo(setting.emulator, { clientSecret: 'another-client-secret' });
    expect(await thrown(readSnapshot(secret.connection, 'accounts'))).toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringMatching(/clientSecret/) as string,
    });
  });

  it('fails at once: a query the platform refuses', async () => {
    const error = await thrown(readDays(setting.connection, 'clicks', EUROPE, '2026-01-01', '2026-01-01'));
    expect(error).toMatchObject({ code: 'REQUEST_REJECTED' });
    expect(error.message).toMatch(/clickViewError DATE_TOO_OLD/);
  });

  it('is a version the platform has retired', () => {
    const fault = setting.connection.classify(adsError(400, { requestError: 'UNSUPPORTED_VERSION' }));
    expect(fault).toMatchObject({ kind: 'rejected', hint: expect.stringMatching(/upgrade/) as string });
  });
});

describe('an enum value newer than the SDK', () => {
  it('is kept as text', async () => {
    setting.emulator.inject({ match: STREAM, special: 'unknown_enum' });
    const rows = await read();
    expect(new Set(rows.map((row) => row['channel_type']))).toEqual(new Set(['BRAND_NEW_TYPE']));
  });
});

describe('secrets', () => {
  it('appear in no error, whatever fails', async () => {
    const texts: string[] = [];
    const faults = [{ special: 'daily_quota' }, { status: 400, body: '<html>' }, { special: 'mid_stream_error' }];
    for (const fault of faults) {
      setting.emulator.clearFaults();
      setting.emulator.inject({ match: STREAM, ...fault });
      const error = await thrown(read());
      texts.push(inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error.stack));
    }
    setting.emulator.clearFaults();
    setting.emulator.revokeRefreshToken();
    setting.emulator.expireTokens();
    texts.push(inspect(await thrown(read()), { depth: 20, showHidden: true }));
    texts.push(inspect(googleAds(optionsFor(setting.emulator)), { depth: 20 }));
    const { clientSecret, refreshToken, developerToken } = EMULATED_CREDENTIALS;
    for (const text of texts) {
      for (const secret of [clientSecret, refreshToken, developerToken, 'ya29.']) expect(text).not.toContain(secret);
    }
  });

  it('are sent in headers and bodies, never in a URL', async () => {
    await read();
    for (const { url } of setting.emulator.requests) expect(url.search).toBe('');
  });
});

describe('a stopped run', () => {
  it('ends at once, also in the middle of an answer', async () => {
    const stop = new AbortController();
    const { connection } = await connectTo(setting.emulator, {}, NOW, stop.signal);
    await partitionsOf(connection, 'accounts');
    setting.emulator.inject({ match: STREAM, delayMs: 20_000 });
    const reading = thrown(readDays(connection, 'campaign_days', AMERICA, FROM, TO));
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    const started = performance.now();
    expect((await reading).message).toBe('stopped');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

function adsError(status: number, errorCode: Record<string, string>, details: object = {}): GoogleAdsRequestError {
  return new GoogleAdsRequestError({
    status,
    requestId: 'r-1',
    body: [
      {
        error: {
          code: status,
          details: [{ '@type': 'x.GoogleAdsFailure', errors: [{ errorCode, message: 'refused', details }] }],
        },
      },
    ],
  });
}
