import { describe, expect, test } from 'vitest';

import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import type { RevopsError } from '../../../src/errors.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { thrown } from '../reading.ts';
import { asked, emulate, land, landAll, nothingLanded, open, optionsFor } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const EARLIER = '2026-03-01T07:00:00.000Z';

function deals(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1)
    crm.put('deals', id, new Date(Date.parse(EARLIER) + id * 1000).toISOString(), { properties: { stage: 'open' } });
  return crm;
}

const failing = async (run: Promise<unknown>): Promise<RevopsError> => (await thrown(run)) as RevopsError;

describe('what passes by itself is tried again:', () => {
  for (const [what, fault] of [
    ['503', { special: 'UNAVAILABLE' }],
    [
      'an answer cut to unreadable JSON',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"success":true,"da' },
    ],
  ] as const) {
    test(what, async () => {
      const emulator = await emulate(deals(3), NOW);
      emulator.inject({ match: '/api/v2/deals\\?', ...fault });
      const connection = await open(emulator, NOW);
      expect((await landAll(connection, 'deals')).rows.size).toBe(3);
      expect(connection.gateway.spent.retries).toBe(1);
    });
  }

  test('the burst limit, after the seconds until it starts anew', async () => {
    const emulator = await emulate(deals(3), NOW);
    emulator.inject({ match: '/api/v2/deals\\?', special: 'BURST' });
    const began = performance.now();
    expect((await landAll(await open(emulator, NOW), 'deals')).rows.size).toBe(3);
    expect(performance.now() - began).toBeGreaterThan(950);
  });
});

describe('the tokens of the day', () => {
  test('that are used up end the run at once with what was read, and the next goes on', async () => {
    const emulator = await emulate(deals(150), NOW, { tokensPerDay: 2_500, tellsTokens: false });
    const landed = nothingLanded();
    const connection = await open(emulator, NOW);
    const failed = await failing(land(connection, 'deal_history', landed));
    expect(failed).toMatchObject({ code: 'QUOTA_EXHAUSTED', retryable: true, exitCode: 4 });
    expect(failed.message).toMatch(/^pipedrive, changelog of deals: 429 DAILY_TOKENS_USED daily token limit exceeded/);
    expect(connection.gateway.spent.retries).toBe(0);
    expect(landed.rows.size).toBe(100);
    Object.assign(emulator.knobs, { tokensPerDay: 100_000 });
    emulator.requests.length = 0;
    await land(await open(emulator, NOW), 'deal_history', landed);
    expect(landed.rows.size).toBe(150);
    // The five minutes before the last place are read again: here, all of it.
    expect(asked(emulator).filter((path) => path.endsWith('/changelog')).length).toBe(150);
  });

  test('are used up to the share the options give, where the platform tells them', async () => {
    const emulator = await emulate(deals(150), NOW, { tokensPerDay: 10_000, tokensUsedByOthers: 3_000 });
    const failed = await failing(landAll(await open(emulator, NOW, { dailyTokenShare: 0.5 }), 'deal_history'));
    expect(failed).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
    expect(failed.message).toContain('of 10000 tokens of the day are used, and this connector stops at 50 %');
    expect(3_000 + emulator.tokensUsed()).toBeLessThan(5_100);
    Object.assign(emulator.knobs, { tellsTokens: false });
    const connection = await open(emulator, NOW, { dailyTokenShare: 0.5 });
    expect((await landAll(connection, 'deal_history')).rows.size).toBe(150);
  });
});

describe('what does not pass is not tried again:', () => {
  for (const [what, fault, wanted] of [
    ['a block in HTML', { special: 'BLOCKED' }, { code: 'QUOTA_EXHAUSTED', retryable: true }],
    [
      'a scope that is missing',
      {
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: '{"success":false,"error":"Scope and URL mismatch"}',
      },
      { code: 'AUTH_FAILED', message: 'pipedrive, deals: 403 Scope and URL mismatch' },
    ],
    [
      'a bill that is not paid',
      { status: 402, headers: { 'content-type': 'application/json' }, body: '{}' },
      { code: 'REQUEST_REJECTED', message: 'pipedrive, deals: 402 no explanation' },
    ],
    [
      'a refusal that quotes personal data, told without it',
      {
        status: 400,
        headers: { 'content-type': 'application/json' },
        body: '{"error":"near jane.doe@acme.example, +49 30 1234567"}',
      },
      { code: 'REQUEST_REJECTED', message: 'pipedrive, deals: 400 near [e-mail], [phone]' },
    ],
  ] as const) {
    test(what, async () => {
      const emulator = await emulate(deals(3), NOW);
      emulator.inject({ match: '/api/v2/deals\\?', times: 9, ...fault });
      const connection = await open(emulator, NOW);
      expect(await failing(landAll(connection, 'deals'))).toMatchObject(wanted);
      expect(connection.gateway.spent.retries).toBe(0);
    });
  }

  test('a list whose mark of the next page does not go on', async () => {
    const emulator = await emulate(deals(3), NOW);
    emulator.inject({
      match: '/api/v2/deals\\?',
      times: 9,
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"success":true,"data":[],"additional_data":{"next_cursor":"same"}}',
    });
    const connection = await open(emulator, NOW);
    const failed = await thrown(landAll(connection, 'deals'));
    expect(connection.classify(failed)).toMatchObject({
      kind: 'transient',
      message: '502 the list deals does not go on',
    });
  });
});

describe('tokens', () => {
  const oauthOf = ({ knobs }: Awaited<ReturnType<typeof emulate>>) => ({
    clientId: knobs.clientId,
    clientSecret: knobs.clientSecret,
    refreshToken: knobs.refreshToken,
  });
  const renewals = (emulator: Awaited<ReturnType<typeof emulate>>): number =>
    emulator.requests.filter(({ url }) => url.pathname === '/oauth/token').length;

  test('of users go in the header, never in the URL', async () => {
    const emulator = await emulate(deals(3), NOW);
    await landAll(await open(emulator, NOW), 'deals');
    expect(emulator.requests.every(({ headers }) => headers['x-api-token'] === emulator.knobs.apiToken)).toBe(true);
    expect(emulator.requests.filter(({ url }) => url.href.includes('emulated0'))).toEqual([]);
  });

  test('of apps are renewed when they end in mid-run, also where each renewal ends the last refresh token', async () => {
    for (const rotatesRefreshTokens of [false, true]) {
      const emulator = await emulate(deals(30), NOW, { largestPage: 10, accessTokenCalls: 3, rotatesRefreshTokens });
      const connection = await open(emulator, NOW, { oauth: oauthOf(emulator) });
      expect((await landAll(connection, 'deals')).rows.size).toBe(30);
      expect(renewals(emulator)).toBe(2);
    }
  });

  test('are renewed once when several streams meet their end together', async () => {
    const emulator = await emulate(deals(3), NOW);
    const connection = await open(emulator, NOW, { oauth: oauthOf(emulator) });
    await landAll(connection, 'deals');
    emulator.expireTokens();
    await Promise.all(['persons', 'organizations', 'deal_persons'].map((name) => landAll(connection, name)));
    expect(renewals(emulator)).toBe(2);
  });

  test('that are refused even when new end the run, without the secret', async () => {
    const emulator = await emulate(deals(3), NOW);
    const wrong = { ...oauthOf(emulator), clientSecret: 'a-wrong-client-secret' };
    const refused = await failing(landAll(await open(emulator, NOW, { oauth: wrong }), 'deals'));
    expect(refused).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'pipedrive, access token: 400 invalid_client Invalid client: client is invalid',
    });
    const basic = Buffer.from('emulated-client-id:a-wrong-client-secret').toString('base64');
    for (const secret of ['a-wrong-client-secret', basic])
      expect(`${refused.stack} ${JSON.stringify(refused.cause)}`).not.toContain(secret);
    emulator.inject({ match: '/api/v2/', times: 99, special: 'UNAUTHORIZED' });
    expect(await failing(landAll(await open(emulator, NOW, { oauth: oauthOf(emulator) }), 'deals'))).toMatchObject({
      code: 'AUTH_FAILED',
    });
    expect(renewals(emulator)).toBe(3);
  });

  test('are of one kind', async () => {
    const emulator = await emulate(deals(1), NOW);
    expect(() => pipedrive({ endpoint: emulator.url })).toThrow('give either apiToken or oauth');
    expect(() => pipedrive(optionsFor(emulator, { apiToken: 'x', oauth: oauthOf(emulator) }))).toThrow('give either');
    expect(pipedrive(optionsFor(emulator)).secrets.map(({ path }) => path)).toEqual(['connectors.pipedrive.apiToken']);
  });
});
