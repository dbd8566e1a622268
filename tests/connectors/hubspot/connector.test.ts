import { describe, expect, test } from 'vitest';

import { hubspot } from '../../../connectors/hubspot/index.ts';
import { dated } from '../../../connectors/hubspot/versions.ts';
import { emulate, land, landAll, live, nothingLanded, open, partitionsOf, streamOf } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const NOW = '2026-03-01T08:00:00.000Z';

describe('records', () => {
  test('have typed columns and extra properties, null where the platform has an empty text, and nothing nobody asked for', async () => {
    const crm = tinyCrm();
    crm.put('deals', 1, NOW, { properties: { name: '', amount: '9007199254740993.10', stage: 'open' } });
    const connection = await open(await emulate(crm, NOW), NOW, { properties: { deals: ['num_notes'] } });
    const landed = await landAll(connection, 'deals');
    const schema = Object.keys(streamOf(connection, 'deals').schema);
    expect(landed.rows.get('1')).toEqual({
      ...Object.fromEntries([...schema, 'num_notes'].map((name) => [name, null])),
      id: '1',
      dealstage: 'open',
      amount: '9007199254740993.10',
      created_at: NOW,
      updated_at: NOW,
    });
  });

  test('with more properties than fit a URL are read by id', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 130; id += 1) crm.put('contacts', id, NOW, { properties: { lastName: `n${id}` } });
    const emulator = await emulate(crm, NOW);
    const many = Array.from({ length: 900 }, (_, index) => `custom_property_${index}`);
    crm.customProperties.contacts = new Set(many);
    crm.put('contacts', 130, NOW, { properties: { custom_property_899: 'far' } });
    const landed = await landAll(await open(emulator, NOW, { properties: { contacts: many } }), 'contacts');
    expect(live(landed).map((row) => row['lastname'])).toContain('n130');
    expect(landed.rows.size).toBe(130);
    expect(landed.rows.get('130')).toMatchObject({ custom_property_899: 'far', custom_property_0: null });
    expect(Math.max(...emulator.requests.map(({ url }) => url.href.length))).toBeLessThan(8_000);
    expect(
      (
        JSON.parse(emulator.requests.find(({ url }) => url.pathname.endsWith('/batch/read'))?.body ?? '{}') as {
          properties: string[];
        }
      ).properties,
    ).toContain('custom_property_899');
  });

  test('whose list and batch answers are cut short are still all read', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 57; id += 1) crm.put('companies', id, NOW);
    expect((await landAll(await open(await emulate(crm, NOW, { largestPage: 7 }), NOW), 'companies')).rows.size).toBe(
      57,
    );
  });

  test('of pipelines are its stages, whole on every read', async () => {
    const connection = await open(await emulate(tinyCrm(), NOW), NOW);
    const landed = nothingLanded();
    await land(connection, 'deal_pipeline_stages', landed);
    expect(landed.cursor).toBeNull();
    expect([...landed.rows.values()]).toMatchObject([
      { pipeline_id: 'sales', stage_id: 'open', stage_order: 0, is_closed: 'false', probability: '0.2' },
      { pipeline_id: 'sales', stage_id: 'won', stage_order: 1, is_closed: 'true', probability: '1.0' },
      { pipeline_id: 'sales', stage_id: 'lost', stage_order: 2, is_closed: 'true', probability: '0.0' },
    ]);
  });
});

describe('properties of the options', () => {
  test('that do not exist stop the stream before a record is read, with the names most like them', async () => {
    const crm = tinyCrm();
    crm.put('deals', 1, NOW);
    crm.customProperties.deals = new Set(['forecast_category', 'region']);
    const emulator = await emulate(crm, NOW);
    const connection = await open(emulator, NOW, {
      properties: { deals: ['forcast_category', 'region', 'nothing_like_it'] },
    });
    await expect(landAll(connection, 'deals')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'connectors.hubspot.properties.deals: there is no property forcast_category; did you mean forecast_category? nothing_like_it',
      hint: expect.stringContaining('internal names'),
    });
    expect(emulator.requests.map(({ url }) => url.pathname)).toEqual(['/crm/properties/2026-09/deals']);
  });
});

describe('the SDK', () => {
  test('speaks the dated versions only', async () => {
    const crm = tinyCrm();
    for (const type of ['contacts', 'companies', 'deals', 'calls', 'emails', 'meetings'] as const)
      crm.put(type, 1, NOW);
    crm.forms.push({
      id: 'demo',
      name: 'Demo',
      type: 'hubspot',
      createdAt: NOW,
      isArchived: false,
      submissions: [],
    });
    const emulator = await emulate(crm, NOW);
    const connection = await open(emulator, NOW, { activities: ['emails'] });
    await connection.check();
    for (const { name } of connection.streams) {
      for (const { key } of await partitionsOf(connection, name)) {
        const landed = nothingLanded();
        await land(connection, name, landed, { key });
        await land(connection, name, landed, { key });
      }
    }
    const paths = emulator.requests.map(({ url }) => url.pathname);
    expect(paths.length).toBeGreaterThan(30);
    const isDated = /^\/((crm\/[a-z]+|marketing\/forms)\/2026-09|(crm\/lists|account-info)\/2026-03)(\/|$)/;
    // What people filled in has no dated path yet.
    expect([...new Set(paths.filter((path) => !isDated.test(path)))]).toEqual([
      '/form-integrations/v1/submissions/forms/demo',
    ]);
  });

  test('keeps a path that a gateway puts before the API', () => {
    expect(dated('https://gateway.example/hubspot/crm/v4/associations/deals/contacts/batch/read')).toBe(
      'https://gateway.example/hubspot/crm/associations/2026-09/deals/contacts/batch/read',
    );
  });
});

describe('options', () => {
  test('are either a token or an OAuth app', () => {
    const oauth = { clientId: 'client-id', clientSecret: 'client-secret', refreshToken: 'refresh-token' };
    expect(() => hubspot({})).toThrow('connectors.hubspot.accessToken: give either accessToken or oauth');
    expect(() => hubspot({ accessToken: 'some-token', oauth })).toThrow('give either accessToken or oauth');
    expect(() => hubspot({ oauth })).not.toThrow();
  });

  test('name what is wrong in them', () => {
    expect(() => hubspot({ accessToken: 'some-token', endpoint: 'ftp://x' })).toThrow('connectors.hubspot.endpoint');
    expect(() => hubspot({ accessToken: 'some-token', properties: { deals: ['Deal Name'] } })).toThrow(
      'connectors.hubspot.properties.deals.0: expected the internal name of a property',
    );
    expect(() => hubspot({ accessToken: 'some-token', token: 'x' } as never)).toThrow('token');
  });
});

describe('check', () => {
  test('tells account, permissions, calls left and versions', async () => {
    const emulator = await emulate(tinyCrm(), NOW, {
      callsPerDay: 500,
      scopes: ['oauth', 'crm.objects.contacts.read', 'crm.objects.deals.read'],
    });
    const connection = await open(emulator, NOW, { properties: { contacts: ['num_notes', 'hs_latest_sorce'] } });
    const lines = await connection.check();
    expect(lines.map(({ subject, status }) => `${subject}: ${status}`)).toEqual([
      'account: ok',
      'token: ok',
      'contacts: error',
      'companies: error',
      'deals: ok',
      'calls: ok',
      'meetings: ok',
      'deal pipelines: ok',
      'owners: warning',
      'forms: warning',
      'lists: warning',
      'tickets: warning',
      'daily calls: warning',
      'clock: ok',
      'API version: ok',
    ]);
    expect(lines[0]?.message).toBe('token is valid; account 4711 (STANDARD), time zone Europe/Berlin, currency EUR');
    expect(lines[2]?.message).toBe(
      'connectors.hubspot.properties.contacts: there is no property hs_latest_sorce; did you mean hs_latest_source?',
    );
    expect(lines[0]?.account).toEqual({ currency: 'EUR', timeZone: 'Europe/Berlin' });
    expect(lines.at(-1)?.message).toMatch(/^CRM 2026-09, account 2026-03, OAuth 2026-03; supported for \d+ more days$/);
    expect(lines[3]?.message).toContain('crm.objects.companies.read');
  });

  test('says only that when the token is bad', async () => {
    const emulator = await emulate(tinyCrm(), NOW);
    const lines = await (await open(emulator, NOW, { accessToken: 'pat-unknown-token' })).check();
    expect(lines).toMatchObject([{ subject: 'account', status: 'error' }]);
  });
});
