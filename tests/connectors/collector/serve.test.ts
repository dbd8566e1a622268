/**
 * The collector over HTTP: who may send what, what is answered, and how it stops.
 */
import { gzipSync } from 'node:zlib';

import { afterEach, describe, expect, test } from 'vitest';

import { collector } from '../../../connectors/collector/index.ts';
import { event, ORIGIN, post, startCollecting, type Collecting } from './collecting.ts';
import { collectorIn, KEY, type Options } from './connector.ts';

let running: Collecting;
afterEach(() => running.dispose());
const start = async (options: Partial<Options> = {}): Promise<Collecting> => (running = await startCollecting(options));

describe('Senders', () => {
  test('are known by their key, wherever their library writes it.', async () => {
    const { url } = await start({ writeKeys: { website: KEY, server: 'key-of-the-server' } });
    const basic = Buffer.from(`${KEY}:`).toString('base64');
    const send = (body: unknown, headers = {}): Promise<number> =>
      post(`${url}/v1/events`, body, headers).then(({ status }) => status);
    expect(await send(event('1'), { authorization: `Bearer ${KEY}` })).toBe(200);
    expect(await send(event('2'), { authorization: `Basic ${basic}` })).toBe(200);
    expect(await send({ write_key: KEY, events: [event('3')] })).toBe(200);
    expect(await send({ ...event('4'), writeKey: 'key-of-the-server' })).toBe(200);
    expect(await send(event('5'))).toBe(401);
    expect(await send(event('6'), { authorization: 'Bearer of-somebody-else' })).toBe(401);
    await running.stop();
    const message = running.lines.find((line) => line['message'] === 'collected');
    expect(message).toMatchObject({ requests: 6, accepted: 4, rejected: 0, refused: 2 });
  });

  test('are answered per thing they sent; what is wrong is kept, not lost.', async () => {
    const { post: send } = await start();
    const answer = await send('/v1/events', { events: [event('1'), { event_nme: 'x' }, event('3')] });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      accepted: 2,
      rejected: 1,
      items: [
        { status: 'accepted', id: '1' },
        { status: 'rejected', reason: 'unknown: event_nme' },
        { status: 'accepted', id: '3' },
      ],
    });
    expect((await send('/v1/events', { event_nme: 'x' })).status).toBe(422);
    expect((await send('/v1/events', [])).body).toEqual({ accepted: 0, rejected: 0, items: [] });
  });

  test('that send what cannot be read are told so, and what a known one sent is kept.', async () => {
    const { url, post: send } = await start();
    expect((await send('/v1/events', '{"event_name":')).body).toEqual({
      error: { code: 'bad_body', message: 'no JSON' },
    });
    expect((await send('/v1/events', '7')).status).toBe(400);
    expect((await send('/v1/events', '')).status).toBe(400);
    expect((await send('/v1/events', `{"properties":${'['.repeat(100_000)}`)).body).toMatchObject({
      error: { message: 'nested more than 64 levels deep' },
    });
    expect((await send('/v1/events', 'xx', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await send('/v1/events', 'xx', { 'content-encoding': 'br' })).status).toBe(400);
    expect((await post(`${url}/v1/events`, 'no JSON', {})).status).toBe(400);
    expect((await send('/v1/nothing', {})).status).toBe(404);
    await running.stop();
    expect(running.lines.find((line) => line['message'] === 'collected')).toMatchObject({ accepted: 0, rejected: 6 });
  });

  test('may pack bodies, in any of the usual types, within the limit.', async () => {
    const { post: send } = await start({ bodyBytes: 4096 });
    const packed = gzipSync(JSON.stringify(event('1')));
    expect((await send('/v1/events', packed, { 'content-encoding': 'gzip' })).status).toBe(200);
    for (const type of ['text/plain', 'application/json; charset=utf-8', 'application/x-www-form-urlencoded'])
      expect((await send('/v1/events', event('2'), { 'content-type': type })).status).toBe(200);
    expect((await send('/v1/events', 'x'.repeat(4097))).status).toBe(413);
    const bomb = gzipSync(Buffer.alloc(1_000_000, ' '));
    expect((await send('/v1/events', bomb, { 'content-encoding': 'gzip' })).status).toBe(400);
  });

  test('that speak the protocol of tracking libraries are understood.', async () => {
    const { post: send } = await start();
    const message = { messageId: 'm', userId: 'u', event: 'Order Completed', timestamp: '2026-10-01T00:00:00Z' };
    expect(
      (await send('/v1/batch', { batch: [{ ...message, type: 'track' }], sentAt: '2026-10-01T00:00:01Z' })).body,
    ).toMatchObject({ accepted: 1 });
    for (const path of ['track', 't', 'page', 'p', 'identify', 'i']) {
      expect([path, (await send(`/v1/${path}`, message)).status]).toEqual([path, 200]);
    }
  });

  test('that send too much are told to come again.', async () => {
    const { post: send } = await start({ requestsPerMinute: 2 });
    const answers = [];
    for (const id of ['1', '2', '3']) answers.push(await send('/v1/events', event(id)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  describe('behind a proxy', () => {
    /** Answers to four senders' requests, each with what it writes itself and what the proxies add. */
    const limited = async (trustProxy: Options['trustProxy'], seen: string[], written = true): Promise<number[]> => {
      const { post: send } = await start({ requestsPerMinute: 2, trustProxy });
      const statuses = [];
      for (const [at, address] of seen.entries()) {
        const forwarded = written ? `10.0.0.${at}, ${address}` : address;
        statuses.push((await send('/v1/events', event(`${at}`), { 'x-forwarded-for': forwarded })).status);
      }
      return statuses;
    };
    const ONE = ['203.0.113.7', '203.0.113.7', '203.0.113.7'];
    const TWO = ['203.0.113.7', '203.0.113.8', '203.0.113.7', '203.0.113.8'];

    test.each<[string, Options['trustProxy']]>([
      ['one proxy', 1],
      ['a proxy of this address', ['127.0.0.1']],
      ['proxies of these names and subnets', ['loopback', '192.0.2.0/24']],
    ])('%s: another address in the header each time does not lift the limit', async (_, trustProxy) => {
      expect(await limited(trustProxy, ONE)).toEqual([200, 200, 429]);
    });

    test('senders are counted each for itself', async () => {
      expect(await limited(1, TWO)).toEqual([200, 200, 200, 200]);
    });

    test('two proxies: the address is the one that the outer one saw', async () => {
      const behind = (address: string): string => `${address}, 198.51.100.1`;
      expect(await limited(2, ONE.map(behind))).toEqual([200, 200, 429]);
      expect(await limited(['loopback', '198.51.100.1'], TWO.map(behind))).toEqual([200, 200, 200, 200]);
    });

    test('without one the header is nobody’s word', async () => {
      expect(await limited(false, TWO, false)).toEqual([200, 200, 429, 429]);
    });

    test.each([
      [true, 'true believes what a sender writes about itself: write a number of proxies'],
      [0, 'expected number to be >=1'],
      [[], 'expected array to have >=1 item'],
      [['0.0.0.0/0'], 'expected false, a number of proxies'],
      [['::/0'], 'expected false, a number of proxies'],
      [['proxy.example.com'], 'expected false, a number of proxies'],
    ])('refuses %j and says what to write', (trustProxy, message) => {
      expect(() => collector({ writeKeys: { website: KEY }, trustProxy: trustProxy as number })).toThrow(message);
    });
  });

  test('are told to come again when the spool is full; then it is not ready, but alive.', async () => {
    const { url, post: send } = await start({ spoolBytes: 1024, segmentBytes: 1024 });
    const big = event('1', { properties: { text: 'x'.repeat(600) } });
    expect((await send('/v1/events', big)).status).toBe(200);
    const refused = await send('/v1/events', big);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await fetch(`${url}/readyz`).then(async (answer) => [answer.status, await answer.json()])).toEqual([
      503,
      { status: 'the spool is full' },
    ]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('Browsers', () => {
  const OPTIONS = { origins: [ORIGIN, 'https://*.example.net'], cookie: { domain: '.example.com' } };
  const view = (consent: boolean | null): object => ({ event_name: 'page_view', has_analytics_consent: consent });

  test('may send from the configured pages only.', async () => {
    const { url, post: send } = await start(OPTIONS);
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${url}/v1/events`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await preflight(ORIGIN);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(allowed.headers.get('access-control-allow-credentials')).toBe('true');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://shop.example.net')).status).toBe(204);
    for (const origin of [
      'https://evil.example',
      'http://www.example.com',
      'https://www.example.com.evil.example',
      'https://example.net',
      'null',
    ]) {
      const refused = await send('/v1/events', event('1'), { origin });
      expect([origin, refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([origin, 403, null]);
    }
  });

  test('get an id with consent, keep it, and lose it with the consent.', async () => {
    const { post: send } = await start(OPTIONS);
    const from = { origin: ORIGIN };
    const cookieOf = async (body: object, headers: Record<string, string>): Promise<string | null> =>
      (await send('/v1/events', body, headers)).headers.get('set-cookie');
    expect(await cookieOf(view(null), from)).toBeNull();
    const set = (await cookieOf(view(true), from)) ?? '';
    expect(set).toMatch(
      /^revops_id=[0-9a-f-]{36}; Max-Age=33696000; Path=\/; Domain=\.example\.com; HttpOnly; Secure; SameSite=Lax$/,
    );
    const cookie = `other=1; ${set.split(';')[0]}`;
    expect(await cookieOf(view(null), { ...from, cookie })).toBe(set);
    expect(await cookieOf(view(true), { ...from, cookie: 'revops_id=forged' })).not.toContain('forged');
    expect(await cookieOf(view(false), { ...from, cookie })).toMatch(/^revops_id=; Max-Age=0; /);
    expect(await cookieOf(event('1', { has_analytics_consent: true }), {})).toBeNull();
    const decision = { purpose: 'analytics', is_granted: false };
    const withdrawn = await send('/v1/consents', decision, { ...from, cookie });
    expect(withdrawn.body).toMatchObject({ accepted: 1 });
    expect(withdrawn.headers.get('set-cookie')).toMatch(/^revops_id=; Max-Age=0; /);
  });

  test('get none where the config says so, and without being asked where it says that.', async () => {
    await start({ ...OPTIONS, cookie: false });
    const first = await running.post('/v1/events', event('1', { has_analytics_consent: true }), { origin: ORIGIN });
    expect(first.headers.get('set-cookie')).toBeNull();
    await running.dispose();
    await start({ ...OPTIONS, cookie: { needsConsent: false } });
    const second = await running.post('/v1/events', view(null), { origin: ORIGIN });
    expect(second.body).toMatchObject({ accepted: 1 });
    expect(second.headers.get('set-cookie')).toMatch(/^revops_id=/);
  });
});

test('What people sent never enters the log: not what is taken, rejected, refused, nor addresses and cookies.', async () => {
  const { url, post: send } = await start({ origins: [ORIGIN] });
  const canary = 'canary@example.org';
  const personal = {
    email: canary,
    user_id: canary,
    url: `https://www.example.com/?email=${canary}`,
    properties: { canary },
  };
  await send(
    '/v1/events',
    { event_name: 'sign_up', ...personal },
    { origin: ORIGIN, cookie: `_fbp=${canary}`, referer: canary },
  );
  await send('/v1/events', { [canary]: 1 });
  await send('/v1/events', `{"${canary}"`);
  await send(`/v1/events?email=${canary}`, event('1'));
  await send(`/v1/${canary}`, event('1'));
  await send(`/v1/webhooks/${canary}`, event('1'));
  await post(`${url}/v1/events`, personal, { authorization: `Bearer ${canary}` });
  await running.stop();
  expect(running.lines.length).toBeGreaterThan(7);
  expect(JSON.stringify(running.lines)).not.toContain('canary');
});

test('Stopping answers what is under way, makes it durable and takes nothing more.', async () => {
  const { url, post: send } = await start();
  const sent = Array.from({ length: 50 }, (_, id) =>
    send('/v1/events', event(String(id))).then(
      ({ status }) => status,
      () => 0,
    ),
  );
  await sent[0];
  await running.stop();
  const answers = await Promise.all(sent);
  expect(answers[0]).toBe(200);
  expect(running.segments().every((name) => name.endsWith('.log'))).toBe(true);
  await expect(post(`${url}/v1/events`, event('x'), {})).rejects.toThrow();
  expect(running.lines.at(-1)).toEqual({ message: 'stopped' });
});

test('A second collector of the same folder is refused and says why.', async () => {
  await start();
  await expect(startCollecting({}, { folder: running.folder })).rejects.toMatchObject({ code: 'LEASE_BUSY' });
});

test('An address that is taken is an error with what to do.', async () => {
  await start();
  const port = Number(new URL(running.url).port);
  const other = collectorIn(`${running.folder}/other`);
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const listening = other.listen?.({ now: () => new Date(), signal: new AbortController().signal, log, port });
  await expect(listening).rejects.toMatchObject({
    code: 'REQUEST_REJECTED',
    message: expect.stringContaining('EADDRINUSE'),
  });
});

test('Options that cannot be meant are refused with their path.', async () => {
  await start();
  const given: [unknown, string][] = [
    [{}, 'connectors.collector.writeKeys'],
    [{ writeKeys: {} }, 'name at least one sender'],
    [{ writeKeys: { web: KEY }, origins: ['www.example.com'] }, 'expected an origin'],
    [{ writeKeys: { web: KEY }, webhooks: { x: {} } }, 'expected a webhook'],
    [{ writeKeys: { web: KEY }, prot: 1 }, 'prot'],
  ];
  for (const [options, text] of given) {
    expect(() => collector(options as Options)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(text) }),
    );
  }
});
