import { describe, expect, test } from 'vitest';

import { classify, HubspotError, refusalOf } from '../../../connectors/hubspot/faults.ts';
import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import type { RevopsError } from '../../../src/errors.ts';
import { emulate, landAll, open } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const NOW = '2026-03-01T08:00:00.000Z';

function threePages(): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= 250; id += 1) crm.put('companies', id, NOW, { properties: { name: `Company ${id}` } });
  return crm;
}

async function failure(run: Promise<unknown>): Promise<RevopsError> {
  return run.then(
    () => Promise.reject(new Error('did not fail')),
    (error: unknown) => error as RevopsError,
  );
}

describe('faults that pass are waited out, and nothing is lost or twice', () => {
  for (const [what, fault] of [
    ['a load balancer answers with HTML', HTML_502],
    [
      'the service is unavailable',
      { status: 503, headers: { 'content-type': 'application/json' }, body: '{"message":"unavailable"}' },
    ],
    ['the connection is reset', { reset: true }],
    ['the connection breaks in the middle of an answer', { resetAfterBytes: 700 }],
    [
      'a success without JSON comes from something between',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' },
    ],
    [
      'an answer ends too early without the connection breaking',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"results":[{"id":' },
    ],
    ['an error has neither body nor type', { status: 500 }],
  ] as const) {
    test(`when ${what}`, async () => {
      const emulator = await emulate(threePages(), NOW);
      emulator.inject({ match: 'after=100', ...fault });
      const connection = await open(emulator, NOW);
      const landed = await landAll(connection, 'companies');
      expect(landed.rows.size).toBe(250);
      expect(connection.gateway.spent.retries).toBe(1);
      expect(emulator.requests.filter(({ url }) => url.searchParams.get('after') === '100').length).toBe(2);
    });
  }

  test('when too many calls were made: as long as the platform asks, not the usual ten seconds', async () => {
    const emulator = await emulate(threePages(), NOW, { retryAfterSeconds: 1 });
    emulator.inject({ match: 'after=100', special: 'TEN_SECONDLY_ROLLING' });
    const started = performance.now();
    const landed = await landAll(await open(emulator, NOW), 'companies');
    const waited = performance.now() - started;
    expect(landed.rows.size).toBe(250);
    expect(waited).toBeGreaterThan(1_000);
    expect(waited).toBeLessThan(5_000);
  });

  test('when the search limit of the account is used by others', async () => {
    const crm = tinyCrm();
    crm.put('deals', 1, NOW);
    const emulator = await emulate(crm, NOW);
    emulator.inject({ match: '/search', special: 'SECONDLY' });
    const connection = await open(emulator, NOW);
    const stream = connection.streams.find(({ name }) => name === 'deals');
    const slice = {
      kind: 'changes',
      partition: { key: {}, label: '' },
      since: { since: '2026-02-01T00:00:00.000Z' },
      start: '2026-01-01',
    };
    const pages = await Array.fromAsync(
      (stream as unknown as { read(context: unknown, slice: unknown): AsyncIterable<{ records: unknown[] }> }).read(
        connection.context,
        slice,
      ),
    );
    expect(pages.flatMap(({ records }) => records).length).toBe(1);
    expect(emulator.requests.filter(({ url }) => url.pathname.endsWith('/search')).length).toBe(2);
  });
});

describe('faults that stay end the run at once', () => {
  test('calls of the day used up: out of quota, after one request', async () => {
    const emulator = await emulate(threePages(), NOW, { callsPerDay: 1 });
    const error = await failure(landAll(await open(emulator, NOW), 'companies'));
    expect(error).toMatchObject({ code: 'QUOTA_EXHAUSTED', exitCode: 4, retryable: true });
    expect(error.hint).toContain('midnight');
    expect(emulator.requests.length).toBe(2);
  });

  test('a missing permission is named', async () => {
    const emulator = await emulate(threePages(), NOW, { scopes: ['oauth', 'crm.objects.deals.read'] });
    const error = await failure(landAll(await open(emulator, NOW), 'companies'));
    expect(error).toMatchObject({ code: 'AUTH_FAILED', retryable: false });
    expect(error.message).toContain('403 MISSING_SCOPES');
    expect(`${error.message} ${error.hint}`).toContain('crm.objects.companies.read');
    expect(emulator.requests.length).toBe(1);
  });

  test('a request the platform finds wrong comes with its words', async () => {
    const emulator = await emulate(threePages(), NOW);
    emulator.inject({
      match: 'companies',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '{"status":"error","message":"Invalid limit: 101","category":"VALIDATION_ERROR"}',
    });
    const error = await failure(landAll(await open(emulator, NOW), 'companies'));
    expect(error).toMatchObject({
      code: 'REQUEST_REJECTED',
      message: 'hubspot, companies: 400 VALIDATION_ERROR Invalid limit: 101',
    });
    expect(emulator.requests.length).toBe(1);
  });

  test('a token that is not known', async () => {
    const emulator = await emulate(threePages(), NOW);
    const error = await failure(landAll(await open(emulator, NOW, { accessToken: 'pat-unknown-token' }), 'companies'));
    expect(error).toMatchObject({ code: 'AUTH_FAILED', retryable: false });
    expect(emulator.requests.length).toBe(1);
  });
});

describe('what an error says', () => {
  test('has no token, no address and no phone number, whatever the platform quotes; neither has its cause', async () => {
    const emulator = await emulate(threePages(), NOW);
    const message = `Property values were not valid: person.one@example.com, +49 30 23125 001, token ${emulator.knobs.accessToken}`;
    emulator.inject({
      match: 'companies',
      status: 400,
      headers: { 'content-type': 'application/json', 'x-echo': emulator.knobs.accessToken },
      body: JSON.stringify({ message, category: 'VALIDATION_ERROR' }),
    });
    const error = await failure(landAll(await open(emulator, NOW), 'companies'));
    const everything = [
      error.message,
      error.hint,
      error.stack,
      String(error.cause),
      JSON.stringify(error.cause),
      (error.cause as Error).stack,
    ].join('\n');
    expect(everything).toContain('Property values were not valid');
    for (const personal of ['person.one', 'example.com', '23125', emulator.knobs.accessToken])
      expect(everything).not.toContain(personal);
  });

  test('tells waits: what the platform asks, else ten seconds, for searches one', () => {
    const limit = (policyName: string, headers: Record<string, string> = {}) =>
      classify(
        refusalOf(
          429,
          { 'content-type': 'application/json', ...headers },
          JSON.stringify({ message: 'limit', policyName }),
          new Date(NOW),
        ),
      );
    expect(limit('TEN_SECONDLY_ROLLING')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 10_000 });
    expect(limit('TEN_SECONDLY_ROLLING', { 'retry-after': '3' })).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 3_000,
    });
    expect(limit('SECONDLY')).toMatchObject({ kind: 'rate_limited', retryAfterMs: 1_000 });
    expect(limit('DAILY', { 'retry-after': '3' })).toMatchObject({ kind: 'quota_exhausted' });
  });

  test('sorts what is not an answer of the platform', () => {
    expect(classify(new HubspotError('x', { status: 0 })).kind).toBe('transient');
    expect(classify(new TypeError('fetch failed')).kind).toBe('transient');
    expect(classify(new Error('defect')).kind).toBe('rejected');
  });
});
