import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { defineConnector, endpointOption, remember, Secret, secretOption } from '../../src/connector/index.ts';
import type { RevopsError } from '../../src/errors.ts';

const seen: unknown[] = [];
const shop = defineConnector({
  name: 'web-shop',
  title: 'Web shop',
  options: z.strictObject({
    token: secretOption(),
    endpoint: endpointOption('https://shop.example'),
    days: z.number().optional(),
  }),
  limits: () => ({ requests: 10, perMilliseconds: 1000, concurrency: 1 }),
  connect: async (options) => {
    seen.push(options);
    return { options };
  },
  disconnect: async () => void seen.push('disconnected'),
  classify: (error) => ({ kind: 'rejected', message: String(error) }),
  streams: [],
  check: async ({ note }) => {
    note('using abc-secret-123');
    return [{ subject: 'token', status: 'ok', message: 'fine' }];
  },
});

function open(connector: ReturnType<typeof shop>, notes: string[] = []) {
  return connector.open({
    now: () => new Date(0),
    signal: new AbortController().signal,
    note: (line) => notes.push(line),
  });
}

describe('a connector', () => {
  afterEach(() => {
    delete process.env['REVOPS_WEB_SHOP_ENDPOINT'];
    seen.length = 0;
  });

  it('uses the platform’s own endpoint, else the environment’s, else the option’s', async () => {
    await open(shop({ token: 't-0123456' }));
    process.env['REVOPS_WEB_SHOP_ENDPOINT'] = 'http://127.0.0.1:9/';
    await open(shop({ token: 't-0123456', endpoint: undefined }));
    await open(shop({ token: 't-0123456', endpoint: 'http://127.0.0.1:8//' }));
    expect(seen.map((options) => (options as { endpoint: string }).endpoint)).toEqual([
      'https://shop.example',
      'http://127.0.0.1:9',
      'http://127.0.0.1:8',
    ]);
  });

  it('refuses wrong options with their path and without their value', () => {
    const attempt = (options: unknown): RevopsError => {
      try {
        shop(options as never);
      } catch (error) {
        return error as RevopsError;
      }
      return expect.unreachable();
    };
    expect(attempt({ token: 't-0123456', days: 'abc-hidden' })).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(attempt({ token: 't-0123456', days: 'abc-hidden' }).message).toMatch(/^connectors\.web-shop\.days: /);
    expect(attempt({ token: 't-0123456', days: 'abc-hidden' }).message).not.toContain('abc-hidden');
    expect(attempt({}).message).toBe("connectors.web-shop.token: expected a credential: env('NAME')");
    expect(attempt({ token: 't-0123456', endpoint: 'ftp://x' }).message).toMatch(/connectors\.web-shop\.endpoint: /);
    expect(attempt({ token: 't-0123456', tokn: 1 }).message).toMatch(/tokn/);
    expect(attempt(undefined).message).toMatch(/token/);
  });

  it('opens a connection that can be checked and closed, and keeps secrets out of notes', async () => {
    remember('abc-secret-123');
    const notes: string[] = [];
    const connection = await open(shop({ token: new Secret('t-0123456', 'env SHOP_TOKEN') }), notes);
    expect(await connection.check()).toEqual([{ subject: 'token', status: 'ok', message: 'fine' }]);
    await connection.close();
    expect(notes).toEqual(['using [secret]']);
    expect(seen.at(-1)).toBe('disconnected');
  });

  it('holds plain credentials as secrets', async () => {
    await open(shop({ token: 't-0123456' }));
    const { token } = seen[0] as { token: Secret };
    expect(token.reveal()).toBe('t-0123456');
    expect(JSON.stringify(seen[0])).not.toContain('t-0123456');
  });
});
