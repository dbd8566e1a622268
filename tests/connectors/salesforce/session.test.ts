import { generateKeyPairSync } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { SalesforceEmulator } from '../../../fixtures/emulators/salesforce/index.ts';
import type { RevopsError } from '../../../src/errors.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { emulate, landAll, open, optionsFor } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';

function companies(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1) crm.put('companies', id, NOW);
  return crm;
}

const tokens = (emulator: SalesforceEmulator): string[] =>
  emulator.requests.filter(({ url }) => url.pathname === '/services/oauth2/token').map(({ body }) => body);
const pair = (): { publicKey: string; privateKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

describe('a session', () => {
  test('is had by client credentials, in the body and never in the URL', async () => {
    const emulator = await emulate(companies(1), NOW);
    expect((await landAll(await open(emulator, NOW), 'accounts')).rows.size).toBe(1);
    expect(new URLSearchParams(tokens(emulator)[0]).get('grant_type')).toBe('client_credentials');
    expect(emulator.requests.every(({ url }) => !url.href.includes(emulator.knobs.clientSecret))).toBe(true);
  });

  test('is had by a refresh token', async () => {
    const emulator = await emulate(companies(1), NOW);
    const { clientId, clientSecret, refreshToken } = emulator.knobs;
    const connection = await open(emulator, NOW, { refreshToken: { clientId, clientSecret, refreshToken } });
    expect((await landAll(connection, 'accounts')).rows.size).toBe(1);
  });

  test('is had by an assertion signed with the app’s key, and not with another', async () => {
    const { publicKey, privateKey } = pair();
    const emulator = await emulate(companies(1), NOW, { jwtPublicKey: publicKey });
    const { clientId, username } = emulator.knobs;
    const read = async (key: string): Promise<number | RevopsError> =>
      landAll(await open(emulator, NOW, { jwt: { clientId, username, privateKey: key } }), 'accounts').then(
        ({ rows }) => rows.size,
        (error: unknown) => error as RevopsError,
      );
    expect(await read(privateKey)).toBe(1);
    expect(await read(privateKey.replaceAll('\n', '\\n'))).toBe(1);
    expect(await read(pair().privateKey)).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'salesforce, access token: 400 invalid_grant invalid assertion',
    });
    const unusable = await read('no key at all');
    expect(unusable).toMatchObject({ code: 'AUTH_FAILED' });
    expect((unusable as RevopsError).message).not.toContain('no key at all');
  });

  test('that ends in the middle of a run is renewed, and the run goes on', async () => {
    const emulator = await emulate(companies(100), NOW, { largestPage: 10, sessionCalls: 4 });
    expect((await landAll(await open(emulator, NOW), 'accounts')).rows.size).toBe(100);
    expect(tokens(emulator).length).toBe(3);
  });

  test('that ends between pages of bulk results is renewed, too', async () => {
    const emulator = await emulate(companies(100), NOW, { sessionCalls: 6 });
    expect(
      (await landAll(await open(emulator, NOW, { bulkAbove: 0, bulkPageRecords: 10 }), 'accounts')).rows.size,
    ).toBe(100);
    expect(tokens(emulator).length).toBe(3);
  });

  test('is renewed once when several streams meet its end together', async () => {
    const emulator = await emulate(companies(10), NOW);
    const connection = await open(emulator, NOW);
    await landAll(connection, 'accounts');
    emulator.expireSessions();
    await Promise.all(['contacts', 'leads', 'opportunities'].map((name) => landAll(connection, name)));
    expect(tokens(emulator).length).toBe(2);
  });

  test('that is refused even when new ends the run, instead of being renewed for ever', async () => {
    const emulator = await emulate(companies(1), NOW);
    emulator.inject({ match: '/services/data/', times: 99, special: 'INVALID_SESSION_ID' });
    const failed = await landAll(await open(emulator, NOW), 'accounts').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'AUTH_FAILED' });
    expect(emulator.requests.filter(({ url }) => url.pathname.startsWith('/services/data/')).length).toBe(2);
  });

  test('cannot be had with wrong credentials: says so, without the secret', async () => {
    const emulator = await emulate(companies(1), NOW);
    const wrong = { clientId: emulator.knobs.clientId, clientSecret: 'a-wrong-client-secret' };
    const failed = (await landAll(await open(emulator, NOW, { clientCredentials: wrong }), 'accounts').catch(
      (error: unknown) => error,
    )) as RevopsError;
    expect(failed).toMatchObject({
      code: 'AUTH_FAILED',
      message: 'salesforce, access token: 400 invalid_client invalid client credentials',
    });
    expect(`${failed.stack} ${JSON.stringify(failed.cause)}`).not.toContain('a-wrong-client-secret');
    expect(tokens(emulator).length).toBe(1);
  });
});

test('options take exactly one way to a session', async () => {
  const emulator = await emulate(companies(1), NOW);
  const { clientId, refreshToken } = emulator.knobs;
  expect(() => salesforce({ ...optionsFor(emulator), refreshToken: { clientId, refreshToken } })).toThrow(
    'give exactly one of clientCredentials, jwt and refreshToken',
  );
  expect(() => salesforce({ endpoint: emulator.url })).toThrow('give exactly one');
  expect(salesforce(optionsFor(emulator)).secrets.map(({ path }) => path)).toEqual([
    'connectors.salesforce.clientCredentials.clientId',
    'connectors.salesforce.clientCredentials.clientSecret',
  ]);
});
