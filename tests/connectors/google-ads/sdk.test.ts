/** Promises of the SDK and of the platform's published types that the connector and its emulator stand on. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

import { googleAdsVersion } from 'google-ads-api';
import { describe, expect, it } from 'vitest';

import { options } from '../../../connectors/google-ads/options.ts';
import { loadRequests } from '../../../connectors/google-ads/sdk.ts';
import { API_VERSION } from '../../../connectors/google-ads/version.ts';
import { isInt64, KNOWN_FIELDS } from '../../../fixtures/emulators/google-ads/fields.ts';

const settings = options.parse({
  clientId: 'c-id',
  clientSecret: 'c-secret',
  refreshToken: 'r-token',
  developerToken: 'd-token',
  endpoint: 'http://127.0.0.1:9',
});

describe('the SDK', () => {
  it('speaks the version whose end is known', () => {
    expect(googleAdsVersion).toBe(API_VERSION);
  });

  it('prepares a stream request for the endpoint that is given', async () => {
    const requests = await loadRequests(settings);
    expect(
      requests.searchStream(
        { customerId: '123', loginCustomerId: '777' },
        'access',
        'SELECT customer.id FROM customer',
      ),
    ).toEqual({
      url: `http://127.0.0.1:9/${API_VERSION}/customers/123/googleAds:searchStream`,
      headers: {
        Authorization: 'Bearer access',
        'developer-token': 'd-token',
        'login-customer-id': '777',
        'content-type': 'application/json',
      },
      body: '{"query":"SELECT customer.id FROM customer"}',
    });
    expect(
      requests.searchStream({ customerId: '123', loginCustomerId: undefined }, 'access', '').headers,
    ).not.toHaveProperty('login-customer-id');
  });

  it('gives what the list of accessible customers needs', async () => {
    const { url, headers, body } = (await loadRequests(settings)).listAccessibleCustomers('access');
    expect(url).toBe(`http://127.0.0.1:9/${API_VERSION}/customers:listAccessibleCustomers`);
    expect(headers).toMatchObject({ Authorization: 'Bearer access', 'developer-token': 'd-token' });
    expect(body).toBeUndefined();
  });
});

interface ProtoType {
  fields: Record<string, { type: string }>;
}

describe('the fields the emulator knows', () => {
  const nested = (
    JSON.parse(
      readFileSync(createRequire(import.meta.url).resolve('google-ads-node/build/protos/protos.json'), 'utf8'),
    ) as never
  )['nested'];
  const root = ['google', 'ads', 'googleads', API_VERSION].reduce<{ nested: Record<string, unknown> }>(
    (at, name) =>
      (at.nested as Record<string, { nested: Record<string, unknown> }>)[name] as { nested: Record<string, unknown> },
    { nested },
  ).nested as Record<string, { nested: Record<string, ProtoType> }>;
  const typeNamed = (name: string): ProtoType | undefined => {
    const short = name.split('.').at(-1) as string;
    return root['resources']?.nested[short] ?? root['common']?.nested[short] ?? root['services']?.nested[short];
  };

  it('are the platform’s own, 64-bit integers where it has them', () => {
    const wrong: string[] = [];
    for (const field of KNOWN_FIELDS) {
      let type = typeNamed('GoogleAdsRow');
      let leaf: string | undefined;
      for (const part of field.split('.')) {
        leaf = type?.fields[part]?.type;
        type = leaf === undefined ? undefined : typeNamed(leaf);
      }
      if (leaf === undefined) wrong.push(`${field} does not exist`);
      else if ((leaf === 'int64') !== isInt64(field)) wrong.push(`${field} is ${leaf}`);
    }
    expect(wrong).toEqual([]);
  });
});
