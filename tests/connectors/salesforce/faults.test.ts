import { describe, expect, test } from 'vitest';

import { HTML_502 } from '../../../fixtures/emulators/server.ts';
import type { RevopsError } from '../../../src/errors.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { asked, emulate, land, landAll, nothingLanded, open } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const EARLIER = '2026-03-01T07:00:00.000Z';

function companies(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1) crm.put('companies', id, EARLIER);
  return crm;
}

async function failure(run: Promise<unknown>): Promise<RevopsError> {
  return run.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as RevopsError,
  );
}

describe('what passes by itself is tried again:', () => {
  for (const [what, fault] of [
    ['503', { special: 'SERVER_UNAVAILABLE' }],
    ['502 with HTML', HTML_502],
    ['200 with HTML', { ...HTML_502, status: 200 }],
    ['a reset', { reset: true }],
    ['an answer that breaks off', { resetAfterBytes: 120 }],
    [
      'an answer cut to unreadable JSON',
      {
        status: 200,
        headers: { 'content-type': 'application/json;charset=UTF-8' },
        body: '{"totalSize":3,"done":true,"rec',
      },
    ],
  ] as const) {
    test(what, async () => {
      const emulator = await emulate(companies(3), NOW);
      emulator.inject({ match: '/queryAll', ...fault });
      const connection = await open(emulator, NOW);
      expect((await landAll(connection, 'accounts')).rows.size).toBe(3);
      expect(connection.gateway.spent.retries).toBe(1);
      expect(asked(emulator).length).toBe(2);
    });
  }

  test('429, after the time it asks for', async () => {
    const emulator = await emulate(companies(3), NOW);
    emulator.inject({
      match: '/queryAll',
      status: 429,
      headers: { 'retry-after': '1', 'content-type': 'application/json' },
      body: '[]',
    });
    const connection = await open(emulator, NOW);
    const began = performance.now();
    expect((await landAll(connection, 'accounts')).rows.size).toBe(3);
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  test('the opening of a bulk job, which the SDK never tries again', async () => {
    const emulator = await emulate(companies(3), NOW);
    emulator.inject({ match: 'POST .*/jobs/query', special: 'SERVER_UNAVAILABLE' });
    expect((await landAll(await open(emulator, NOW, { bulkAbove: 0 }), 'accounts')).rows.size).toBe(3);
  });
});

describe('calls of the day', () => {
  test('that are used up end the run with what was read, and the next goes on', async () => {
    const emulator = await emulate(companies(50), NOW, { largestPage: 10 });
    const landed = { ...nothingLanded(), cursor: { seen: EARLIER } };
    emulator.inject({ match: '/query', after: 3, special: 'REQUEST_LIMIT_EXCEEDED' });
    const connection = await open(emulator, NOW);
    const failed = await failure(land(connection, 'accounts', landed));
    expect(failed).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryable: true, exitCode: 4 });
    expect(failed.message).toBe('salesforce, Account: 403 REQUEST_LIMIT_EXCEEDED TotalRequests Limit exceeded.');
    expect(connection.gateway.spent.retries).toBe(0);
    expect(landed.rows.size).toBe(30);
    await land(await open(emulator, NOW), 'accounts', landed);
    expect(landed.rows.size).toBe(50);
  });

  test('are used up to the share the options give', async () => {
    const emulator = await emulate(companies(50), NOW, { largestPage: 10, callsPerDay: 1_000, callsUsedByOthers: 497 });
    const landed = { ...nothingLanded(), cursor: { seen: EARLIER } };
    const failed = await failure(land(await open(emulator, NOW, { dailyLimitShare: 0.5 }), 'accounts', landed));
    expect(failed).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(failed.message).toContain(
      '500 of 1000 calls of the last 24 hours are used, and this connector stops at 50 %',
    );
    expect(landed.rows.size).toBe(20);
  });

  test('are not meant when too many requests run at once', async () => {
    const emulator = await emulate(companies(3), NOW);
    emulator.inject({
      match: '/queryAll',
      status: 403,
      headers: { 'retry-after': '0', 'content-type': 'application/json' },
      body: '[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded."}]',
    });
    expect((await landAll(await open(emulator, NOW), 'accounts')).rows.size).toBe(3);
  });
});

describe('what does not pass ends the stream at once, with what to do:', () => {
  test('an object the user may not read', async () => {
    const emulator = await emulate(companies(3), NOW, { hiddenObjects: ['Campaign'] });
    const failed = await failure(landAll(await open(emulator, NOW), 'campaigns'));
    expect(failed).toMatchObject({ code: 'REQUEST_REJECTED' });
    expect(failed.message).toContain('404 NOT_FOUND');
  });

  test('an API version that ended', async () => {
    const emulator = await emulate(companies(3), NOW, { oldestVersion: 67, newestVersion: 70 });
    const failed = await failure(landAll(await open(emulator, NOW), 'accounts'));
    expect(failed).toMatchObject({
      code: 'REQUEST_REJECTED',
      hint: 'Salesforce has ended this API version: update revops.',
    });
  });

  test('a message with an address and a phone number is told without them', async () => {
    const emulator = await emulate(companies(3), NOW);
    emulator.inject({
      match: '/queryAll',
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: '[{"errorCode":"MALFORMED_QUERY","message":"near jane.doe@acme.example, +49 30 1234567"}]',
    });
    const failed = await failure(landAll(await open(emulator, NOW), 'accounts'));
    expect(failed.message).toBe('salesforce, Account: 400 MALFORMED_QUERY near [e-mail], [phone]');
  });
});
