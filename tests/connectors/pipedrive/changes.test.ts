import { describe, expect, test } from 'vitest';

import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { asked, emulate, land, landAll, live, nothingLanded, open } from './reading.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

function withDeals(count: number): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (let id = 1; id <= count; id += 1)
    crm.put('deals', id, at(0), {
      properties: { stage: 'open', amount: '10.5', currency: 'EUR' },
      history: { stage: [{ value: 'open', at: at(0), actor: 'CRM_UI' }] },
    });
  return crm;
}

describe('what changed is found completely', () => {
  test('when many records share one second and a run dies among them', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 50; id += 1) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(30), { largestPage: 7 });
    const landed = nothingLanded();
    await land(await open(emulator, at(30)), 'organizations', landed);
    for (let id = 1; id <= 50; id += 1) crm.put('companies', id, at(40), { properties: { name: 'edited' } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'organizations', landed, { stopAfter: 3 });
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(21);
    await land(await open(emulator, at(60)), 'organizations', landed);
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(50);
  });

  test('when a change shows minutes after its time of change', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 10; id += 1) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(30), { lagMs: 4 * 60_000 });
    const landed = nothingLanded();
    await land(await open(emulator, at(30)), 'organizations', landed);
    for (let id = 1; id <= 10; id += 1) crm.put('companies', id, at(35), { properties: { name: 'edited' } });
    emulator.setNow(at(36));
    await land(await open(emulator, at(36)), 'organizations', landed);
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(8);
    emulator.setNow(at(45));
    await land(await open(emulator, at(45)), 'organizations', landed);
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(10);
  });

  test('in each list by itself: a run that dies in the second one misses nothing of the first', async () => {
    const crm = withDeals(20);
    const closed = { stage: [{ value: 'won', at: at(0), actor: 'CRM_UI' as const }] };
    for (let id = 1; id <= 10; id += 1) crm.put('deals', id, at(0), { properties: { stage: 'won' }, history: closed });
    const days = (count: number): string => at(count * 1440);
    const emulator = await emulate(crm, days(100), { largestPage: 5 });
    const landed = { ...nothingLanded(), cursor: { deals: at(-60) } };
    await land(await open(emulator, days(100)), 'deals', landed, { stopAfter: 3 });
    expect([...landed.rows.values()].filter((row) => row['is_archived'] === true).length).toBe(5);
    crm.put('deals', 15, days(101), { properties: { name: 'edited' } });
    crm.put('deals', 3, days(102), { properties: { name: 'edited' } });
    emulator.setNow(days(103));
    await land(await open(emulator, days(103)), 'deals', landed);
    expect(live(landed).length).toBe(20);
    expect([3, 15].map((id) => landed.rows.get(String(id))?.['title'])).toEqual(['edited', 'edited']);
  });

  test('with nothing changed in two requests per stream of deals', async () => {
    const emulator = await emulate(withDeals(3), at(30));
    const landed = await landAll(await open(emulator, at(30)), 'deals');
    emulator.requests.length = 0;
    await land(await open(emulator, at(60)), 'deals', landed);
    expect(asked(emulator)).toEqual(['/deals', '/deals/archived']);
  });
});

describe('what is gone', () => {
  test('is told of deals for 30 days, and found of persons and organizations among what changed lately', async () => {
    const crm = withDeals(3);
    for (const id of [1, 2, 3, 4]) crm.put('contacts', id, at(0));
    for (const id of [1, 2]) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(30), { largestPage: 2 });
    const organizations = await landAll(await open(emulator, at(30)), 'organizations');
    const deals = await landAll(await open(emulator, at(30)), 'deals');
    const persons = await landAll(await open(emulator, at(30)), 'persons');
    crm.archive('deals', 2, at(40));
    crm.archive('contacts', 2, at(40));
    crm.archive('companies', 2, at(41));
    // Of two that become one, one is gone.
    crm.put('contacts', 1, at(42), { mergedIds: ['3'] });
    crm.remove('contacts', 3, at(42));
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deals', deals);
    await land(await open(emulator, at(60)), 'persons', persons);
    await land(await open(emulator, at(60)), 'organizations', organizations);
    expect([...deals.deleted]).toEqual(['2']);
    expect([...persons.deleted].toSorted()).toEqual(['2', '3']);
    expect([...organizations.deleted]).toEqual(['2']);
    expect(live(persons).map((row) => row['id'])).toEqual(['1', '4']);
  });

  test('counts as gone only when it is given no more, whatever recent changes say of it', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(30));
    const persons = await landAll(await open(emulator, at(30)), 'persons');
    emulator.inject({
      match: '/recents',
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"success":true,"data":[{"item":"person","id":1,"data":null},{"item":"person","id":2,"data":{"active_flag":false}},{"item":"person","id":9,"data":null}]}',
      times: 1,
    });
    await land(await open(emulator, at(40)), 'persons', persons);
    expect([...persons.deleted]).toEqual(['9']);
  });

  test('is noticed by the next full read where recent changes are not to be had, and a note says so', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(30), { hiddenPaths: ['/recents'] });
    const notes: string[] = [];
    const persons = await landAll(await open(emulator, at(30)), 'persons');
    crm.archive('contacts', 2, at(40));
    emulator.setNow(at(60));
    await land(await open(emulator, at(60), {}, notes), 'persons', persons);
    expect([...persons.deleted]).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('recents:read')]);
    await land(await open(emulator, at(60)), 'persons', persons, { full: true });
    expect([...persons.deleted]).toEqual(['2']);
  });

  test('keeps its history and its people', async () => {
    const crm = withDeals(2);
    const emulator = await emulate(crm, at(30));
    const landed = await landAll(await open(emulator, at(30)), 'deal_history');
    expect(landed.rows.size).toBe(2);
    crm.archive('deals', 2, at(40));
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'deal_history', landed);
    expect(landed.rows.size).toBe(2);
  });

  test('may go between its listing and its changelog', async () => {
    const crm = withDeals(2);
    const emulator = await emulate(crm, at(30));
    emulator.inject({
      match: '/deals/1/changelog',
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: '{"success":false,"error":"Deal not found"}',
    });
    expect([...(await landAll(await open(emulator, at(30)), 'deal_history')).rows.keys()]).toEqual(['2|0']);
  });
});

describe('the people of deals', () => {
  test('take a request only where there are more than the one the deal names, page by page', async () => {
    const crm = withDeals(3);
    for (let id = 1; id <= 5; id += 1) crm.put('contacts', id, at(0));
    crm.link('deals', 1, 'contacts', [3], at(1));
    crm.link('deals', 2, 'contacts', [4, 1, 2, 5], at(1));
    const emulator = await emulate(crm, at(30), { largestPage: 3 });
    const landed = await landAll(await open(emulator, at(30)), 'deal_persons');
    expect(
      live(landed)
        .map((row) => `${row['deal_id']} ${row['person_id']} ${row['is_primary']}`)
        .toSorted(),
    ).toEqual(['1 3 true', '2 1 true', '2 2 false', '2 4 false', '2 5 false']);
    expect(asked(emulator).filter((path) => path.endsWith('/participants')).length).toBe(2);
  });
});

test('stages and pipelines that are gone stay as tombstones', async () => {
  const emulator = await emulate(withDeals(1), at(30));
  const landed = await landAll(await open(emulator, at(30)), 'pipeline_stages');
  expect(live(landed)).toEqual([
    {
      stage_id: '100',
      pipeline_id: '1',
      pipeline_name: 'Sales',
      stage_name: 'Open',
      stage_order: 0,
      deal_probability: 20,
    },
  ]);
  emulator.inject({
    match: '/api/v2/stages',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"success":true,"data":[{"id":100,"pipeline_id":1,"name":"Open","order_nr":0,"is_deleted":true}],"additional_data":{"next_cursor":null}}',
  });
  await land(await open(emulator, at(60)), 'pipeline_stages', landed);
  expect([...landed.deleted]).toEqual(['100']);
});
