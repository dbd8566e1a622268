import { describe, expect, test } from 'vitest';

import { salesforceId } from '../../../fixtures/emulators/salesforce/ids.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { asked, emulate, land, landAll, live, nothingLanded, open, statements, streamOf } from './reading.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();
const account = (id: number): string => salesforceId('Account', id);
const contact = (id: number): string => salesforceId('Contact', id);

describe('what changed is found completely', () => {
  test('when many records share one stamp and a run dies among them', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 50; id += 1) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(30), { largestPage: 7 });
    const landed = nothingLanded();
    await land(await open(emulator, at(30)), 'accounts', landed);
    for (let id = 1; id <= 50; id += 1) crm.put('companies', id, at(40), { properties: { name: 'edited' } });
    emulator.setNow(at(60));
    await land(await open(emulator, at(60)), 'accounts', landed, { stopAfter: 3 });
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(21);
    emulator.requests.length = 0;
    await land(await open(emulator, at(60)), 'accounts', landed);
    expect(live(landed).filter((row) => row['name'] === 'edited').length).toBe(50);
    expect(statements(emulator)[0]).toContain(
      `(SystemModstamp > ${at(40)} OR (SystemModstamp = ${at(40)} AND Id > '${account(21)}'))`,
    );
  });

  test('when a transaction ends nine minutes after its stamp', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 40; id += 1) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(30), { commitLagMs: 9 * 60_000 });
    const landed = nothingLanded();
    await land(await open(emulator, at(30)), 'accounts', landed);
    for (let id = 1; id <= 40; id += 1) crm.put('companies', id, at(35), { properties: { name: 'edited' } });
    for (let id = 41; id <= 50; id += 1) crm.put('companies', id, at(42), { properties: { name: 'edited' } });
    emulator.setNow(at(43));
    await land(await open(emulator, at(43)), 'accounts', landed);
    expect(landed.cursor).toMatchObject({ seen: at(42) });
    const late = live(landed).filter((row) => row['name'] !== 'edited').length;
    expect(late).toBeGreaterThan(3);
    emulator.setNow(at(52));
    await land(await open(emulator, at(52)), 'accounts', landed);
    expect(live(landed).map((row) => row['name'])).toEqual(Array.from({ length: 50 }, () => 'edited'));
  });

  test('though our clock is an hour ahead of the platform’s', async () => {
    const crm = tinyCrm();
    crm.put('companies', 1, at(0));
    const emulator = await emulate(crm, at(10));
    const landed = nothingLanded();
    await land(await open(emulator, at(70)), 'accounts', landed);
    crm.put('companies', 2, at(15));
    emulator.setNow(at(20));
    await land(await open(emulator, at(80)), 'accounts', landed);
    expect(live(landed).length).toBe(2);
  });

  test('in order of stamp and id, and not beyond the beginning of the run', async () => {
    const crm = tinyCrm();
    crm.put('companies', 1, at(0));
    const emulator = await emulate(crm, at(10));
    const landed = nothingLanded();
    await land(await open(emulator, at(10)), 'accounts', landed);
    emulator.requests.length = 0;
    await land(await open(emulator, at(20)), 'accounts', landed);
    expect(statements(emulator)[0]).toMatch(
      new RegExp(
        `WHERE SystemModstamp >= ${at(-10)} AND SystemModstamp < ${at(20)} ORDER BY SystemModstamp ASC, Id ASC$`.replaceAll(
          '.',
          '\\.',
        ),
      ),
    );
    expect(landed.cursor).toMatchObject({ seen: at(0) });
  });

  test('by the best field that can be filtered by', async () => {
    const crm = tinyCrm();
    crm.put('companies', 1, at(0));
    crm.put('deals', 1, at(0), { history: { stage: [{ value: 'open', at: at(0), actor: 'CRM_UI' }] } });
    const emulator = await emulate(crm, at(10), {
      unfilterableFields: [
        'OpportunityHistory.SystemModstamp',
        'Account.SystemModstamp',
        'Contact.SystemModstamp',
        'Contact.LastModifiedDate',
        'Contact.CreatedDate',
      ],
    });
    const notes: string[] = [];
    const connection = await open(emulator, at(10), {}, notes);
    for (const [name, field] of [
      ['opportunity_history', 'CreatedDate'],
      ['accounts', 'LastModifiedDate'],
    ] as const) {
      const landed = nothingLanded();
      await land(connection, name, landed);
      await land(connection, name, landed);
      expect(statements(emulator).at(-1)).toContain(`WHERE ${field} >=`);
      expect(landed.rows.size).toBe(1);
    }
    const landed = await landAll(connection, 'contacts');
    expect(landed.cursor).toBeNull();
    expect(notes).toEqual(['Contact: no field to follow changes by; everything is read each time']);
  });
});

describe('what is gone becomes a tombstone', () => {
  test('when a record is deleted, and stops being one when it is restored', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('deals', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'opportunities', landed);
    crm.archive('deals', 2, at(30));
    emulator.setNow(at(50));
    await land(await open(emulator, at(50)), 'opportunities', landed);
    expect([...landed.deleted]).toEqual([salesforceId('Opportunity', 2)]);
    crm.put('deals', 2, at(60), { isArchived: false, archivedAt: null });
    emulator.setNow(at(80));
    await land(await open(emulator, at(80)), 'opportunities', landed);
    expect([...landed.deleted]).toEqual([]);
  });

  test('when a record was merged into another, which it names', async () => {
    const crm = tinyCrm();
    for (const id of [2, 3]) crm.put('contacts', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'contacts', landed);
    crm.put('contacts', 2, at(30), { mergedIds: ['3'] });
    crm.remove('contacts', 3, at(30));
    emulator.setNow(at(50));
    await land(await open(emulator, at(50)), 'contacts', landed);
    expect([...landed.deleted]).toEqual([contact(3)]);
    const fresh = await landAll(await open(emulator, at(50)), 'contacts');
    expect([...fresh.deleted]).toEqual([contact(3)]);
    expect(fresh.rows.get(contact(3))).toMatchObject({ master_record_id: contact(2) });
  });

  test('when a record was erased, by the next full read', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'accounts', landed);
    crm.remove('companies', 2, at(30));
    emulator.setNow(at(50));
    const connection = await open(emulator, at(50));
    await land(connection, 'accounts', landed);
    expect(live(landed).length).toBe(2);
    await land(connection, 'accounts', landed, { full: true });
    expect(live(landed).map((row) => row['id'])).toEqual([account(1)]);
    for (const name of [
      'accounts',
      'contacts',
      'leads',
      'opportunities',
      'opportunity_contact_roles',
      'campaigns',
      'campaign_members',
    ]) {
      expect(streamOf(connection, name)).toMatchObject({ snapshot: true, fullEvery: 7 });
    }
  });

  test('and never because it changed while everything was read', async () => {
    const crm = tinyCrm();
    for (const id of [1, 2]) crm.put('companies', id, at(0));
    const emulator = await emulate(crm, at(20));
    const landed = nothingLanded();
    await land(await open(emulator, at(20)), 'accounts', landed);
    crm.put('companies', 2, at(31));
    emulator.setNow(at(40));
    await land(await open(emulator, at(30)), 'accounts', landed, { full: true });
    expect(live(landed).length).toBe(2);
  });
});

test('a formula’s change, which moves no stamp, is found by the next full read', async () => {
  const crm = tinyCrm();
  crm.put('companies', 10, at(0), { properties: { name: 'Before' } });
  crm.put('deals', 1, at(0));
  crm.link('deals', 1, 'companies', [10], at(0));
  crm.put('deals', 3, at(15));
  const emulator = await emulate(crm, at(20));
  const landed = nothingLanded();
  await land(await open(emulator, at(20)), 'opportunities', landed);
  crm.put('companies', 10, at(60), { properties: { name: 'After' } });
  crm.put('deals', 2, at(70));
  emulator.setNow(at(90));
  const connection = await open(emulator, at(90));
  const name = (): unknown => landed.rows.get(salesforceId('Opportunity', 1))?.['Company_Name__c'];
  await land(connection, 'opportunities', landed);
  await land(connection, 'opportunities', landed);
  expect(name()).toBe('Before');
  await land(connection, 'opportunities', landed, { full: true });
  expect(name()).toBe('After');
});

test('a query locator that is gone is read on from the last checkpoint', async () => {
  const crm = tinyCrm();
  for (let id = 1; id <= 20; id += 1) crm.put('companies', id, at(0));
  const emulator = await emulate(crm, at(20), { largestPage: 8 });
  const landed = { ...nothingLanded(), cursor: { seen: at(0) } };
  await land(await open(emulator, at(20)), 'accounts', landed, { stopAfter: 1 });
  expect(landed.rows.size).toBe(8);
  emulator.expireLocators();
  await land(await open(emulator, at(20)), 'accounts', landed);
  expect(landed.rows.size).toBe(20);
  expect(asked(emulator).every((line) => line.startsWith('GET /services/data/v66.0/query'))).toBe(true);
});
