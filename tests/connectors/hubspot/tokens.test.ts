import { describe, expect, test } from 'vitest';

import { renewedTokens } from '../../../connectors/hubspot/tokens.ts';
import type { HubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import type { RevopsError } from '../../../src/errors.ts';
import { emulate, landAll, open, type Options } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const NOW = '2026-03-01T08:00:00.000Z';

function manyContacts(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1) crm.put('contacts', id, NOW);
  return crm;
}

function oauthOf(
  emulator: HubspotEmulator,
  change: Partial<Record<'clientId' | 'clientSecret' | 'refreshToken', string>> = {},
): Options {
  const { clientId, clientSecret, refreshToken } = emulator.knobs;
  return { oauth: { clientId, clientSecret, refreshToken, ...change } };
}

const renewals = (emulator: HubspotEmulator): number =>
  emulator.requests.filter(({ url }) => url.pathname.includes('/oauth/')).length;

describe('an OAuth access token', () => {
  test('that expires in the middle of a run is replaced, and the run goes on', async () => {
    const emulator = await emulate(manyContacts(1_000), NOW, { tokenCalls: 4 });
    const landed = await landAll(await open(emulator, NOW, oauthOf(emulator)), 'contacts');
    expect(landed.rows.size).toBe(1_000);
    expect(renewals(emulator)).toBe(3);
  });

  test('is renewed once when several streams meet its end together', async () => {
    const emulator = await emulate(manyContacts(300), NOW);
    const connection = await open(emulator, NOW, oauthOf(emulator));
    await landAll(connection, 'contacts');
    emulator.expireTokens();
    await Promise.all(['contacts', 'companies', 'deals'].map((name) => landAll(connection, name)));
    expect(renewals(emulator)).toBe(2);
  });

  test('is renewed before its time is over', async () => {
    let now = 0;
    let issued = 0;
    const tokens = renewedTokens(
      async () => ({ accessToken: `issued-token-${(issued += 1)}`, expiresIn: 1_800 }),
      () => new Date(now),
    );
    expect(await tokens.current()).toBe('issued-token-1');
    now = 1_499_999;
    expect(await tokens.current()).toBe('issued-token-1');
    now = 1_500_000;
    expect(await tokens.current()).toBe('issued-token-2');
  });

  test('that the platform refuses even when new ends the run', async () => {
    const emulator = await emulate(manyContacts(1), NOW);
    emulator.inject({ match: '/crm/', times: 99, special: 'EXPIRED' });
    const failed = await landAll(await open(emulator, NOW, oauthOf(emulator)), 'contacts').catch(
      (error: unknown) => error as RevopsError,
    );
    expect(failed).toMatchObject({ code: 'AUTH_FAILED' });
    expect(emulator.requests.filter(({ url }) => url.pathname.startsWith('/crm/')).length).toBe(2);
  });

  test('is asked for at the token endpoint, in the body and never in the URL', async () => {
    const emulator = await emulate(manyContacts(1), NOW);
    const tokenService = await emulate(tinyCrm(), NOW);
    tokenService.inject({
      match: '/oauth/',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        access_token: emulator.knobs.accessToken,
        refresh_token: 'r',
        token_type: 'bearer',
        expires_in: 1_800,
      }),
    });
    const landed = await landAll(
      await open(emulator, NOW, { ...oauthOf(emulator), tokenEndpoint: `${tokenService.url}/` }),
      'contacts',
    );
    expect(landed.rows.size).toBe(1);
    expect(renewals(emulator)).toBe(0);
    expect(tokenService.requests.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual([
      'POST /oauth/2026-03/token',
    ]);
    expect(tokenService.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('cannot be had with a revoked refresh token: says so, without any of the secrets', async () => {
    const emulator = await emulate(manyContacts(1), NOW);
    const failed = (await landAll(
      await open(emulator, NOW, oauthOf(emulator, { refreshToken: 'revoked-refresh-token' })),
      'contacts',
    ).catch((error: unknown) => error)) as RevopsError;
    expect(failed).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'hubspot, access token: 400 BAD_REFRESH_TOKEN refresh token is invalid, expired or revoked',
    });
    for (const secret of ['revoked-refresh-token', emulator.knobs.clientSecret])
      expect(`${failed.stack} ${JSON.stringify(failed.cause)}`).not.toContain(secret);
    expect(renewals(emulator)).toBe(1);
  });
});

test('a fixed token that expired is refused at once', async () => {
  const emulator = await emulate(manyContacts(1), NOW);
  emulator.inject({ match: '/crm/', special: 'EXPIRED' });
  const failed = (await landAll(await open(emulator, NOW), 'contacts').catch((error: unknown) => error)) as RevopsError;
  expect(failed).toMatchObject({ code: 'AUTH_FAILED' });
  expect(failed.message).toContain('401 EXPIRED_AUTHENTICATION');
  expect(emulator.requests.length).toBe(1);
});
