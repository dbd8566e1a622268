import { inspect } from 'node:util';

import { beforeEach, describe, expect, it } from 'vitest';

import { stripe } from '../../../connectors/stripe/index.ts';
import { EMULATED_KEY, EMULATED_SECRET_KEY, type StripeEmulator } from '../../../fixtures/emulators/stripe/index.ts';
import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import type { Connection } from '../../../src/connector/contract.ts';
import { landAll } from '../hubspot/reading.ts';
import { connectTo, customer, day, emulate, tinyBilling } from './connection.ts';

const NOW = day(1);
const billing = tinyBilling();
for (let at = 0; at < 120; at += 1) billing.put(day(0), 'created', customer(`cus_${at}`, day(0)));

let emulator: StripeEmulator;
let connection: Connection;
beforeEach(async () => {
  emulator = await emulate(billing, NOW);
  connection = await connectTo(emulator, NOW);
});

const read = async (from = connection): Promise<number> => (await landAll(from, 'customers')).rows.size;
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a fault that passes', () => {
  const json = { 'content-type': 'application/json' };
  const passing = {
    'an HTML 502 of a load balancer': HTML_502,
    'HTML with status 200': { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>maintenance</html>' },
    'JSON that is no list, whatever its status': { status: 500, headers: json, body: '{"message":"oops"}' },
    'JSON null': { status: 200, headers: json, body: 'null' },
    'a connection closed before the answer': { reset: true },
    'a body that breaks off': { resetAfterBytes: 200 },
    'an internal error that asks not to be repeated, of a read': { special: 'internal_error' },
    'the rate limit': { special: 'rate_limit' },
    'the rate limit with a wait': { special: 'rate_limit_with_wait' },
    'a lock on an object': { special: 'lock_timeout' },
    'a conflict': { special: 'conflict' },
    'a refusal that asks to be repeated': {
      status: 400,
      headers: { ...json, 'stripe-should-retry': 'true' },
      body: '{"error":{"type":"invalid_request_error","message":"Please try again."}}',
    },
  };
  for (const [name, fault] of Object.entries(passing)) {
    it(`is tried again, once and by the gateway: ${name}`, async () => {
      emulator.inject({ match: '/v1/customers', after: 1, ...fault });
      expect(await read()).toBe(120);
      expect(connection.gateway.spent).toMatchObject({ requests: 3, retries: 1 });
      expect(emulator.requests).toHaveLength(3);
    });
  }
});

describe('a fault that stays', () => {
  const lasting: [string, object, string, RegExp, RegExp][] = [
    ['an expired key', { special: 'expired_key' }, 'AUTH_FAILED', /401 api_key_expired/, /new restricted key/],
    [
      'another API version',
      {
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":{"type":"invalid_request_error","message":"Invalid Stripe API version: x"}}',
      },
      'REQUEST_REJECTED',
      /Invalid Stripe API version/,
      /^$/,
    ],
  ];
  for (const [name, fault, code, message, hint] of lasting) {
    it(`ends the stream at once with what to do: ${name}`, async () => {
      emulator.inject({ match: '/v1/customers', times: 9, ...fault });
      const error = (await thrown(read())) as Error & { code: string; hint?: string };
      expect([error.code, error.message, error.hint ?? '']).toEqual([
        code,
        expect.stringMatching(message),
        expect.stringMatching(hint),
      ]);
      expect(emulator.requests).toHaveLength(1);
    });
  }

  it('of a missing permission names the permission', async () => {
    emulator.setPermissions(['rak_event_read']);
    expect(await thrown(read())).toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringContaining('rak_customer_read') as string,
    });
  });
});

describe('a run that is stopped', () => {
  it('does not wait for an answer', async () => {
    const stop = new AbortController();
    const stopped = await connectTo(emulator, NOW, {}, stop.signal);
    emulator.inject({ match: '/v1/customers', delayMs: 5000 });
    const begun = performance.now();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    expect(await thrown(read(stopped))).toMatchObject({ message: 'stopped' });
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('the SDK', () => {
  it('names the version, sends no telemetry, and keeps its notices to itself', async () => {
    const warnings: unknown[] = [];
    const listener = (warning: unknown): void => void warnings.push(warning);
    process.on('warning', listener);
    emulator.inject({
      match: '/v1/customers',
      status: 200,
      headers: { 'content-type': 'application/json', 'stripe-notice': 'a notice' },
      body: '{"object":"list","has_more":false,"data":[],"url":"/v1/customers"}',
    });
    await read();
    await read();
    await new Promise(setImmediate);
    process.off('warning', listener);
    expect(warnings).toEqual([]);
    for (const { headers } of emulator.requests) {
      expect(headers).toMatchObject({ 'stripe-version': '2026-10-28.endive', authorization: `Bearer ${EMULATED_KEY}` });
      expect(headers['x-stripe-client-telemetry']).toBeUndefined();
    }
  });

  it('tells no key in an error, not even in parts', async () => {
    const wrong = 'rk_live_canary0123456789abcdefghijklmnop4567';
    const other = await connectTo(emulator, NOW, { apiKey: wrong });
    const error = await thrown(read(other));
    expect(error).toMatchObject({ code: 'AUTH_FAILED' });
    expect((error as Error).message).not.toContain('4567');
    expect(inspect(error, { depth: 9 })).not.toContain(wrong);
  });
});

describe('options', () => {
  it('take an endpoint without a path, and no other API version', () => {
    const { apiKey } = { apiKey: EMULATED_KEY };
    expect(() => stripe({ apiKey, endpoint: 'https://gateway.example/stripe' })).toThrow('connectors.stripe.endpoint');
    expect(() => stripe({ apiKey, requestsPerSecond: 0 })).toThrow('connectors.stripe.requestsPerSecond');
    expect(() => stripe({ apiKey, apiVersion: 'x' } as never)).toThrow('apiVersion');
  });
});

describe('check', () => {
  const lines = async (options: object = {}, now = NOW) => (await connectTo(emulator, now, options)).check();

  it('tells the key, its mode, what it may read, version and clock', async () => {
    expect((await lines()).map(({ subject, status, message }) => `${status} ${subject}: ${message}`)).toEqual([
      'warning credentials: accepted, restricted, test mode; it does not end by itself unless an end was set in the dashboard; in test mode no real customer is read',
      'ok account: this key may not read it, and need not: amounts carry their own currency, times are instants',
      'ok customers: can be read',
      'ok subscriptions: can be read; there are none',
      'ok invoices: can be read; there are none',
      'ok invoice payments: can be read; there are none',
      'ok charges: can be read; there are none',
      'ok refunds: can be read; there are none',
      'ok credit notes: can be read; there are none',
      'ok events: can be read',
      'ok API version: 2026-10-28.endive, asked for with every request; the platform announces no end of versions',
      'ok limits: calls are limited per second only: there is no quota to run out of',
      "ok clock: agrees with the platform's",
    ]);
  });

  it('names each missing permission, a key that may do too much, and a clock that is wrong', async () => {
    emulator.setPermissions(['rak_customer_read', 'rak_charge_read']);
    const refused = (await lines()).filter(({ status }) => status === 'error');
    expect(refused.map(({ subject }) => subject)).toEqual([
      'subscriptions',
      'invoices',
      'invoice payments',
      'credit notes',
      'events',
    ]);
    expect(refused[4]?.message).toContain('permission rak_event_read, in the dashboard');
    const everything = await lines({ apiKey: EMULATED_SECRET_KEY });
    expect(everything[0]?.message).toContain('may do everything');
    expect(everything[1]).toMatchObject({ subject: 'account', account: { currency: 'EUR', timeZone: 'Europe/Paris' } });
    expect((await lines({}, day(1.01))).at(-1)).toEqual({
      subject: 'clock',
      status: 'warning',
      message: "this machine's clock is 14 minutes ahead of the platform's",
    });
  });

  it('tells an outage as one, not as a permission that the key lacks', async () => {
    const outage = {
      status: 503,
      headers: { 'content-type': 'application/json', 'retry-after': '3600' },
      body: '{"error":{"type":"api_error","message":"Service unavailable"}}',
    };
    emulator.inject({ match: '/v1/account', ...outage });
    const ofAccount = (await lines({ apiKey: EMULATED_SECRET_KEY })).find(({ subject }) => subject === 'account');
    expect(ofAccount).toMatchObject({ status: 'error', message: expect.stringContaining('503') as string });
    expect(ofAccount?.account).toBeUndefined();
    emulator.inject({ match: '/v1/customers', ...outage });
    const ofCustomers = (await lines()).filter(({ status }) => status === 'error');
    expect(ofCustomers).toMatchObject([{ subject: 'customers', message: expect.stringContaining('503') as string }]);
  });

  it('says only that where the key is wrong', async () => {
    expect(await lines({ apiKey: 'sk_live_unknown-key' })).toMatchObject([{ subject: 'credentials', status: 'error' }]);
  });
});
