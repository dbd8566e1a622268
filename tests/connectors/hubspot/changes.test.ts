import { describe, expect, test } from 'vitest';

import { emulate, land, landAll, live, nothingLanded, open } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();
const ids = (rows: readonly Record<string, unknown>[]): unknown[] => rows.map((row) => row['id']).toSorted();

describe('what changed is found completely', () => {
  test('when more records than search ever gives share one modification time', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 10_450; id += 1) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(30));
    const landed = nothingLanded();
    await land(await open(emulator, at(30)), 'contacts', landed);
    for (let id = 1; id <= 10_450; id += 1) crm.put('contacts', id, at(40), { properties: { lastName: 'edited' } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'contacts', landed);
    expect(landed.rows.size).toBe(10_450);
    expect(live(landed).filter((row) => row['lastname'] !== 'edited')).toEqual([]);
    const searches = emulator.requests.filter(({ url }) => url.pathname.endsWith('/search'));
    expect(searches.length).toBe(Math.ceil(10_450 / 200));
  });

  test('when the index learns of a change after the run that should have seen it', async () => {
    const crm = tinyCrm();
    crm.put('deals', 1, at(0), { properties: { name: 'before' } });
    const emulator = await emulate(crm, at(20), { indexLagMs: 8 * 60_000 });
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deals', landed);
    crm.put('deals', 1, at(27), { properties: { name: 'after' } });
    for (const minute of [30, 40]) {
      emulator.setNow(at(minute));
      await land(await open(emulator, at(minute)), 'deals', landed);
      expect(live(landed)[0]).toMatchObject({ dealname: minute === 30 ? 'before' : 'after' });
    }
  });

  test('and no cursor comes closer to the present than ten minutes', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 450; id += 1) crm.put('companies', id, at(id / 100));
    const emulator = await emulate(crm, at(5));
    const landed = nothingLanded();
    const connection = await open(emulator, at(5));
    await land(connection, 'companies', landed);
    expect(landed.cursor).toEqual({ since: at(-5) });
    await land(connection, 'companies', landed, { stopAfter: 1 });
    expect(landed.cursor).toMatchObject({ since: at(-5), resume: { after: '200' } });
  });

  test('with the values of the record itself where the index shows older ones', async () => {
    const crm = tinyCrm();
    crm.put('contacts', 7, at(0), { properties: { lastName: 'first' } });
    const emulator = await emulate(crm, at(1));
    const landed = nothingLanded();
    await land(await open(emulator, at(1)), 'contacts', landed);
    crm.put('contacts', 7, at(2), { properties: { lastName: 'second' } });
    emulator.knobs.indexLagMs = 5 * 60_000;
    emulator.setNow(at(6));
    await land(await open(emulator, at(6)), 'contacts', landed);
    expect(live(landed)).toMatchObject([{ lastname: 'second', updated_at: at(2) }]);
  });

  test('when a run dies in the middle and the next goes on from its last cursor', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 900; id += 1) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(15));
    const landed = nothingLanded();
    await land(await open(emulator, at(15)), 'contacts', landed);
    for (let id = 1; id <= 900; id += 1) crm.put('contacts', id, at(20), { properties: { lastName: 'x' } });
    emulator.setNow(at(40));
    await land(await open(emulator, at(40)), 'contacts', landed, { stopAfter: 2 });
    expect(live(landed).filter((row) => row['lastname'] === 'x').length).toBe(400);
    crm.put('contacts', 3, at(45), { properties: { lastName: 'y' } });
    emulator.setNow(at(70));
    await land(await open(emulator, at(70)), 'contacts', landed);
    expect(live(landed).filter((row) => row['lastname'] === 'x').length).toBe(899);
    expect(landed.rows.get('3')).toMatchObject({ lastname: 'y' });
  });

  test('though a part of a batch was not answered', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('deals', id, at(0));
    const emulator = await emulate(crm, at(1));
    const body = {
      status: 'COMPLETE',
      results: [],
      numErrors: 1,
      errors: [{ status: 'error', category: 'INTERNAL_ERROR', message: 'x', context: { ids: ['1', '2'] } }],
      startedAt: at(1),
      completedAt: at(1),
    };
    emulator.inject({
      match: '/batch/read',
      status: 207,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const landed = { ...nothingLanded(), cursor: { since: at(-60) } };
    await land(await open(emulator, at(1)), 'deals', landed);
    expect(ids(live(landed))).toEqual(['1', '2']);
  });

  test('also by the modification property each type has', async () => {
    const crm = tinyCrm();
    for (const type of ['contacts', 'companies', 'deals'] as const) crm.put(type, 1, at(0));
    const emulator = await emulate(crm, at(1));
    const connection = await open(emulator, at(1));
    for (const type of ['contacts', 'companies', 'deals'] as const)
      await land(connection, type, { ...nothingLanded(), cursor: { since: at(-60) } });
    const filters = emulator.requests
      .filter(({ url }) => url.pathname.endsWith('/search'))
      .map(({ body }) => /"propertyName":"(\w+)"/.exec(body)?.[1]);
    expect(filters).toEqual(['lastmodifieddate', 'hs_lastmodifieddate', 'hs_lastmodifieddate']);
  });
});

describe('what is gone becomes a tombstone', () => {
  test('when a record is archived, and stops being one when it is restored', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2, 3]) crm.put('deals', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'deals', landed);
    crm.archive('deals', 2, at(30));
    emulator.setNow(at(50));
    await land(await open(emulator, at(50)), 'deals', landed);
    expect([...landed.deleted]).toEqual(['2']);
    crm.put('deals', 2, at(60), { isArchived: false, archivedAt: null });
    emulator.setNow(at(80));
    await land(await open(emulator, at(80)), 'deals', landed);
    expect([...landed.deleted]).toEqual([]);
  });

  test('and stays one while the index still shows the record as live', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(1), { indexLagMs: 5 * 60_000 });
    const landed = nothingLanded();
    await land(await open(emulator, at(1)), 'contacts', landed);
    crm.archive('contacts', 2, at(3));
    emulator.setNow(at(6));
    await land(await open(emulator, at(6)), 'contacts', landed);
    expect(ids(live(landed))).toEqual(['1']);
  });

  test('when a record was merged into another', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2, 3]) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'contacts', landed);
    crm.put('contacts', 1, at(30), { mergedIds: ['1', '2', '3'] });
    for (const id of [2, 3]) crm.remove('contacts', id, at(30));
    emulator.setNow(at(50));
    await land(await open(emulator, at(50)), 'contacts', landed);
    expect([...landed.deleted].toSorted()).toEqual(['2', '3']);
    expect(live(landed)).toMatchObject([{ id: '1', hs_merged_object_ids: '1;2;3' }]);
  });

  test('when a record was erased, by the next full read', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'companies', landed);
    crm.remove('companies', 2, at(30));
    emulator.setNow(at(50));
    const connection = await open(emulator, at(50));
    await land(connection, 'companies', landed, { full: true });
    expect(ids(live(landed))).toEqual(['1']);
    expect(connection.streams.find(({ name }) => name === 'companies')).toMatchObject({ snapshot: true, fullEvery: 7 });
  });

  test('with its values when it was archived before the first run', async () => {
    const crm = tinyCrm();
    crm.put('deals', 5, at(0), { properties: { name: 'kept', amount: '12.50' } });
    crm.archive('deals', 5, at(10));
    const emulator = await emulate(crm, at(20));
    const landed = await landAll(await open(emulator, at(20)), 'deals');
    expect([...landed.deleted]).toEqual(['5']);
    expect(landed.rows.get('5')).toMatchObject({ dealname: 'kept', amount: '12.50' });
  });
});
