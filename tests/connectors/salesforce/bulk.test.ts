import { describe, expect, test } from 'vitest';

import type { RevopsError } from '../../../src/errors.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { asked, emulate, land, landAll, nothingLanded, open, statements } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const EARLIER = '2026-03-01T07:00:00.000Z';

function companies(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1)
    crm.put('companies', id, EARLIER, { properties: { name: `Company "${id}",\nLtd` } });
  return crm;
}

describe('the Bulk API', () => {
  test('gives every row of many pages once, and no header as a row', async () => {
    const emulator = await emulate(companies(6_003), NOW);
    const landed = await landAll(await open(emulator, NOW, { bulkAbove: 2_000, bulkPageRecords: 1_000 }), 'accounts');
    expect(landed.rows.size).toBe(6_003);
    expect(
      [...landed.rows.values()].every(
        (row) => String(row['name']).startsWith('Company "') && String(row['name']).endsWith('\nLtd'),
      ),
    ).toBe(true);
    expect(asked(emulator).filter((line) => line.endsWith('/results')).length).toBe(7);
  });

  test.for([0, 1, 1_000, 1_001])('reads %i records in pages of 1,000', async (count) => {
    const crm = companies(count);
    const emulator = await emulate(crm, NOW);
    const landed = await landAll(await open(emulator, NOW, { bulkAbove: 0, bulkPageRecords: 1_000 }), 'accounts');
    expect(landed.rows.size).toBe(count);
  });

  test('tries a page again that holds fewer records than announced', async () => {
    const emulator = await emulate(companies(30), NOW);
    emulator.inject({ match: '/results', after: 1, special: 'ANNOUNCES_MORE' });
    const connection = await open(emulator, NOW, { bulkAbove: 0, bulkPageRecords: 10 });
    expect((await landAll(connection, 'accounts')).rows.size).toBe(30);
    expect(connection.gateway.spent.retries).toBe(1);
  });

  test('and the REST API are not believed when all pages together hold less than announced', async () => {
    for (const [match, bulkAbove] of [
      ['GET /services/data/v66.0/jobs/query/\\w+$', 0],
      ['/queryAll', 1_000],
    ] as const) {
      const emulator = await emulate(companies(30), NOW, { largestPage: 10 });
      emulator.inject({ match, special: 'ANNOUNCES_MORE', times: 2 });
      const connection = await open(emulator, NOW, { bulkAbove, bulkPageRecords: 10 });
      const failed = await landAll(connection, 'accounts').catch((error: unknown) => error as Error);
      expect((failed as Error).message).toMatch(/30 records .*were given and 31 announced/);
      expect(connection.classify(failed).kind === 'transient' || (failed as RevopsError).retryable).toBe(true);
    }
  });

  test('tries a page again that breaks off in the middle of a row', async () => {
    const emulator = await emulate(companies(30), NOW);
    emulator.inject({ match: '/results', resetAfterBytes: 900 });
    const connection = await open(emulator, NOW, { bulkAbove: 0 });
    expect((await landAll(connection, 'accounts')).rows.size).toBe(30);
    expect(connection.gateway.spent.retries).toBe(1);
  });

  test('says why a job failed, which the SDK does not', async () => {
    const emulator = await emulate(companies(3), NOW, { failJobs: 'INVALID_FIELD: No such column on entity Account' });
    const failed = await landAll(await open(emulator, NOW, { bulkAbove: 0 }), 'accounts').catch(
      (error: unknown) => error as RevopsError,
    );
    expect(failed).toMatchObject({ code: 'REQUEST_REJECTED', retryable: false });
    expect((failed as RevopsError).message).toBe(
      'salesforce: the bulk job for Account ended as Failed: INVALID_FIELD: No such column on entity Account',
    );
  });

  test('takes a query that is too long for a URL', async () => {
    const emulator = await emulate(companies(3), NOW);
    const described = await (await open(emulator, NOW)).check();
    expect(described.length).toBeGreaterThan(0);
    const body = {
      name: 'Account',
      fields: [
        'Id',
        'SystemModstamp',
        'IsDeleted',
        'Name',
        ...Array.from({ length: 400 }, (_, index) => `A_Long_Custom_Field_Name_${index}__c`),
      ].map((name) => ({
        name,
        type: name === 'SystemModstamp' ? 'datetime' : 'string',
        custom: name.endsWith('__c'),
        filterable: true,
        compoundFieldName: null,
        relationshipName: null,
      })),
    };
    emulator.inject({
      match: 'Account/describe',
      status: 200,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
    });
    emulator.requests.length = 0;
    await landAll(await open(emulator, NOW), 'accounts').catch(() => undefined);
    expect(asked(emulator)).toEqual(['POST /services/data/v66.0/jobs/query']);
    expect(statements(emulator)[0]?.length).toBeGreaterThan(12_000);
  });

  test('checkpoints in the middle of changes and goes on from there', async () => {
    const crm = companies(30);
    const emulator = await emulate(crm, NOW);
    const landed = { ...nothingLanded(), cursor: { seen: EARLIER } };
    const options = { bulkAbove: 5, bulkPageRecords: 10 };
    await land(await open(emulator, NOW, options), 'accounts', landed, { stopAfter: 2 });
    expect(landed.rows.size).toBe(20);
    await land(await open(emulator, NOW, options), 'accounts', landed);
    expect(landed.rows.size).toBe(30);
  });
});

test('a record is the same by both ways, of every stream', async () => {
  const world = createWorld({ seed: 11, start: '2025-01-01', months: 8 });
  const now = '2025-05-21T06:00:00.000Z';
  const emulator = await emulate(world, now);
  const names = [
    'accounts',
    'contacts',
    'leads',
    'opportunities',
    'opportunity_history',
    'opportunity_contact_roles',
    'opportunity_stages',
    'campaigns',
    'campaign_members',
  ];
  const fields = { gclid: 'GCLID__c', first_seen_at: 'First_Seen__c' };
  const rest = await open(emulator, now, { fields });
  const bulk = await open(emulator, now, { fields, bulkAbove: 0, bulkPageRecords: 100 });
  for (const name of names) {
    const [one, other] = [await landAll(rest, name), await landAll(bulk, name)];
    expect(one.rows.size, name).toBeGreaterThan(0);
    const { schema } = rest.streams.find((stream) => stream.name === name) as {
      schema: Record<string, { parse(value: unknown): unknown }>;
    };
    const normal = (landed: typeof one): unknown[] =>
      [...landed.rows.values()]
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              column,
              value === null ? null : (schema[column]?.parse(value) ?? value),
            ]),
          ),
        )
        .toSorted((left, right) => (String(left['id']) < String(right['id']) ? -1 : 1));
    expect(normal(one), name).toEqual(normal(other));
  }
});
