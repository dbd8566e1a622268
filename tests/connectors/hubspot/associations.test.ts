import { describe, expect, test } from 'vitest';

import { emulate, land, landAll, nothingLanded, open } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

function people(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1) crm.put('contacts', id, at(0));
  return crm;
}

describe('links', () => {
  test('of a deal with 1,203 contacts are all read, though an answer gives 500', async () => {
    const crm = people(1_203);
    crm.put('deals', 1, at(0));
    crm.put('deals', 2, at(0));
    crm.link(
      'deals',
      1,
      'contacts',
      Array.from({ length: 1_203 }, (_, index) => index + 1),
      at(0),
    );
    crm.link('deals', 2, 'contacts', [7], at(0));
    const emulator = await emulate(crm, at(20));
    const landed = await landAll(await open(emulator, at(20)), 'deal_contacts');
    expect(landed.rows.size).toBe(1_204);
    expect(emulator.requests.filter(({ url }) => url.pathname.includes('/associations/')).length).toBe(3);
  });

  test('of more deals than a request takes are read in several', async () => {
    const crm = people(1);
    for (let id = 1; id <= 2_150; id += 1) {
      crm.put('deals', id, at(0));
      crm.link('deals', id, 'contacts', [1], at(0));
    }
    const emulator = await emulate(crm, at(20));
    const landed = await landAll(await open(emulator, at(20)), 'deal_contacts');
    expect(landed.rows.size).toBe(2_150);
    const sizes = emulator.requests
      .filter(({ url }) => url.pathname.includes('/associations/'))
      .map(({ body }) => (JSON.parse(body) as { inputs: unknown[] }).inputs.length);
    expect(sizes).toEqual([1_000, 1_000, 150]);
  });

  test('that are no more leave with the set, also when the deal has none left (207)', async () => {
    const crm = people(3);
    for (const id of [1, 2]) crm.put('deals', id, at(0));
    crm.link('deals', 1, 'contacts', [1, 2], at(0));
    crm.link('deals', 2, 'contacts', [3], at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deal_contacts', landed);
    expect([...landed.rows.keys()]).toEqual(['1|1', '1|2', '2|3']);
    crm.link('deals', 1, 'contacts', [2], at(30));
    crm.link('deals', 2, 'contacts', [], at(30));
    for (const id of [1, 2]) crm.put('deals', id, at(30));
    emulator.setNow(at(50));
    await land(await open(emulator, at(50)), 'deal_contacts', landed);
    expect([...landed.rows.keys()]).toEqual(['1|2']);
  });

  test('that change without the deal being modified are found by the weekly full read', async () => {
    const crm = people(2);
    crm.put('deals', 1, at(0));
    crm.link('deals', 1, 'contacts', [1], at(0));
    const emulator = await emulate(crm, at(60));
    const landed = nothingLanded();
    await land(await open(emulator, at(60)), 'deal_contacts', landed);
    crm.link('deals', 1, 'contacts', [2], at(70));
    emulator.setNow(at(120));
    const connection = await open(emulator, at(120));
    await land(connection, 'deal_contacts', landed);
    expect([...landed.rows.keys()]).toEqual(['1|1']);
    await land(connection, 'deal_contacts', landed, { full: true });
    expect([...landed.rows.keys()]).toEqual(['1|2']);
    for (const name of ['deal_contacts', 'deal_companies', 'contact_companies']) {
      expect(connection.streams.find((stream) => stream.name === name)?.fullEvery).toBe(7);
    }
  });

  test('are never taken for gone because part of a batch was not answered', async () => {
    const crm = people(1);
    crm.put('deals', 1, at(0));
    const emulator = await emulate(crm, at(20));
    const body = {
      status: 'COMPLETE',
      results: [],
      numErrors: 1,
      errors: [
        { status: 'error', category: 'INTERNAL_ERROR', message: 'internal error', context: { fromObjectId: ['1'] } },
      ],
      startedAt: at(20),
      completedAt: at(20),
    };
    crm.link('deals', 1, 'contacts', [1], at(0));
    emulator.inject({
      match: '/associations/',
      status: 207,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const connection = await open(emulator, at(20));
    expect((await landAll(connection, 'deal_contacts')).rows.size).toBe(1);
    expect(connection.gateway.spent.retries).toBe(1);
  });

  test('keep their types, and say which company is the primary one', async () => {
    const crm = tinyCrm();
    for (const id of [10, 11]) crm.put('companies', id, at(0));
    crm.put('deals', 1, at(0));
    crm.put('contacts', 1, at(0));
    crm.link('deals', 1, 'companies', [11, 10], at(0));
    crm.link('contacts', 1, 'companies', [10], at(0));
    const connection = await open(await emulate(crm, at(20)), at(20));
    expect([...(await landAll(connection, 'deal_companies')).rows.values()]).toEqual([
      {
        deal_id: '1',
        company_id: '11',
        is_primary: true,
        label: 'Primary',
        association_types: [
          { category: 'HUBSPOT_DEFINED', typeId: 5, label: 'Primary' },
          { category: 'HUBSPOT_DEFINED', typeId: 341, label: null },
        ],
      },
      {
        deal_id: '1',
        company_id: '10',
        is_primary: false,
        label: null,
        association_types: [{ category: 'HUBSPOT_DEFINED', typeId: 341, label: null }],
      },
    ]);
    expect([...(await landAll(connection, 'contact_companies')).rows.values()]).toMatchObject([
      { contact_id: '1', company_id: '10', is_primary: true },
    ]);
  });
});
