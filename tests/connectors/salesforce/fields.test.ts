import { describe, expect, test } from 'vitest';

import { salesforceId } from '../../../fixtures/emulators/salesforce/ids.ts';
import { tinyCrm } from '../hubspot/tiny-crm.ts';
import { emulate, landAll, open, statements } from './reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';
const EARLIER = '2026-03-01T07:00:00.123Z';

/** Contacts 2 and 3, lead 4; contact 5 was a lead. */
function people(): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  for (const id of [2, 3, 4, 5])
    crm.put('contacts', id, EARLIER, {
      properties: { firstName: 'Zoë', lastName: `Nr ${id}`, email: `p${id}@acme.example`, gclid: `Cj0-${id}` },
    });
  crm.put('contacts', 5, NOW, { history: { lifecycleStage: [{ value: 'opportunity', at: NOW, actor: 'CRM_UI' }] } });
  return crm;
}

describe('fields', () => {
  test('are those the user sees; compound ones and files are left out, but the name of people', async () => {
    const emulator = await emulate(people(), NOW);
    for (const bulkAbove of [0, 1_000]) {
      emulator.requests.length = 0;
      const landed = await landAll(
        await open(emulator, NOW, { bulkAbove, standardFields: { contacts: ['MailingAddress', 'MailingCity'] } }),
        'contacts',
      );
      expect(landed.rows.get(salesforceId('Contact', 2))).toMatchObject({
        name: 'Zoë Nr 2',
        email: 'p2@acme.example',
        MailingCity: 'Lyon',
        Place__Latitude__s: 45.76,
        Score__c: null,
        Is_Partner__c: false,
      });
      for (const statement of statements(emulator))
        expect(statement).not.toMatch(/MailingAddress|Place__c|Portrait__c/);
    }
  });

  test('the user does not see leave their columns empty, and are told', async () => {
    const emulator = await emulate(people(), NOW, { hiddenFields: ['Contact.Phone', 'Contact.Email'] });
    const notes: string[] = [];
    const landed = await landAll(await open(emulator, NOW, {}, notes), 'contacts');
    expect(landed.rows.get(salesforceId('Contact', 2))).toMatchObject({ email: null, phone: null, last_name: 'Nr 2' });
    expect(notes).toEqual(['Contact: the user does not see Email, Phone; left empty']);
  });

  test('of the organisation’s own fill the columns the options name, and are not repeated', async () => {
    const emulator = await emulate(people(), NOW);
    const connection = await open(emulator, NOW, { fields: { gclid: 'GCLID__c' } });
    for (const [name, id] of [
      ['contacts', salesforceId('Contact', 2)],
      ['leads', salesforceId('Lead', 4)],
    ] as const) {
      const row = (await landAll(connection, name)).rows.get(id);
      expect(row).toMatchObject({ gclid: id.startsWith('003') ? 'Cj0-2' : 'Cj0-4' });
      expect(row).not.toHaveProperty('GCLID__c');
    }
  });

  test('an organisation does not have, such as the currency, are left empty', async () => {
    const crm = people();
    crm.put('deals', 1, EARLIER, { properties: { amount: '12.5' } });
    const emulator = await emulate(crm, NOW, { isMultiCurrency: false });
    expect([...(await landAll(await open(emulator, NOW), 'opportunities')).rows.values()]).toMatchObject([
      { currency_iso_code: null, amount: 12.5 },
    ]);
  });
});

test('ids have 18 characters and tell case apart', () => {
  expect(salesforceId('Account', 1)).toBe('0015g0000000001AAA');
  expect(salesforceId('Account', 10)).toBe('0015g000000000AAAQ');
  expect(salesforceId('Account', 36) === salesforceId('Account', 10)).toBe(false);
});

test('a converted lead stays a lead and names its contact; instants are as the platform writes them', async () => {
  const emulator = await emulate(people(), NOW);
  const connection = await open(emulator, NOW);
  const leads = (await landAll(connection, 'leads')).rows;
  expect(leads.get(salesforceId('Lead', 5))).toMatchObject({
    is_converted: true,
    converted_date: '2026-03-01',
    converted_contact_id: salesforceId('Contact', 5),
    created_date: '2026-03-01T07:00:00.000+0000',
  });
  expect(leads.get(salesforceId('Lead', 4))).toMatchObject({ is_converted: false, converted_contact_id: null });
  expect((await landAll(connection, 'contacts')).rows.get(salesforceId('Contact', 5))).toMatchObject({
    created_date: '2026-03-01T08:00:00.000+0000',
  });
});

/** Down for an hour, as it says itself: nobody waits for that. */
const outage = { status: 503, headers: { 'retry-after': '3600' }, body: '' };

function json(errorCode: string): { headers: Record<string, string>; body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify([{ errorCode, message: 'refused' }]) };
}

describe('doctor', () => {
  test('tells calls, version, objects and fields', async () => {
    const emulator = await emulate(people(), NOW, {
      callsPerDay: 1_000,
      callsUsedByOthers: 900,
      hiddenObjects: ['Campaign'],
      unfilterableFields: ['Lead.SystemModstamp', 'Lead.LastModifiedDate', 'Lead.CreatedDate'],
    });
    const found = await (await open(emulator, NOW, { fields: { gclid: 'GCLID__c', fbclid: 'No_Such__c' } })).check();
    const of = (subject: string) => found.find((line) => line.subject === subject);
    expect(of('calls')).toMatchObject({
      status: 'warning',
      message:
        'credentials are valid; 901 of 1000 calls of the last 24 hours are used by all apps, this connector stops at 800',
    });
    expect(of('token')).toMatchObject({ message: 'sessions are renewed; the client secret does not end by itself' });
    expect(of('organisation')).toMatchObject({ status: 'ok', account: { timeZone: 'Europe/Paris' } });
    emulator.knobs.isMultiCurrency = false;
    emulator.knobs.callsUsedByOthers = 0;
    const single = (await (await open(emulator, NOW)).check()).find(({ subject }) => subject === 'organisation');
    expect(single).toMatchObject({ account: { currency: 'EUR', timeZone: 'Europe/Paris' } });
    expect(of('API version')).toMatchObject({ status: 'ok', message: '66.0, supported for 1067 days at least' });
    expect(of('accounts')).toMatchObject({ status: 'ok' });
    expect(of('campaigns')).toMatchObject({ status: 'error' });
    expect(of('leads')).toMatchObject({ status: 'warning' });
    expect(of('fields of Lead')).toMatchObject({
      status: 'warning',
      message: 'these do not exist or the user does not see them: No_Such__c',
    });
  });

  test('tells a settings page that is refused from one that is down', async () => {
    const emulator = await emulate(people(), NOW, { isMultiCurrency: false });
    const organisation = async () =>
      (await (await open(emulator, NOW)).check()).find(({ subject }) => subject === 'organisation');
    emulator.inject({ match: '/connect/organization', status: 403, ...json('API_DISABLED_FOR_ORG') });
    expect(await organisation()).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^a currency not told, time zone Europe\/Paris/) as string,
      account: { timeZone: 'Europe/Paris' },
    });
    for (const match of ['/connect/organization', 'FROM(%20|\\+)Organization']) {
      emulator.inject({ match, ...outage });
      const line = await organisation();
      expect(line).toMatchObject({ status: 'error', message: expect.stringContaining('503') as string });
      expect(line?.account).toBeUndefined();
    }
  });

  test('says that the platform is down, once, where it is', async () => {
    const emulator = await emulate(people(), NOW);
    emulator.inject({ match: '/limits', ...outage });
    expect(await (await open(emulator, NOW)).check()).toMatchObject([
      { subject: 'calls', status: 'error', message: expect.stringContaining('503') as string },
    ]);
  });

  test('stops at credentials that are refused', async () => {
    const emulator = await emulate(people(), NOW);
    const found = await (
      await open(emulator, NOW, { clientCredentials: { clientId: 'another', clientSecret: 'wrong-secret' } })
    ).check();
    expect(found).toMatchObject([{ subject: 'calls', status: 'error' }]);
  });
});
