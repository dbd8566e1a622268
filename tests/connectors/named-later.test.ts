/**
 * A field that the config names after the first sync, or that the user is shown again: the records that do not change have
 * it, too, and at once.
 */
import { afterEach, beforeEach, expect, test } from 'vitest';

import { hubspot } from '../../connectors/hubspot/index.ts';
import { pipedrive } from '../../connectors/pipedrive/index.ts';
import { salesforce } from '../../connectors/salesforce/index.ts';
import type { Connector } from '../../src/connector/index.ts';
import { type Bench, openBench } from '../sync/support.ts';
import { emulate as emulateHubspot } from './hubspot/reading.ts';
import { tinyCrm } from './hubspot/tiny-crm.ts';
import { emulate as emulatePipedrive, optionsFor as pipedriveOptions } from './pipedrive/reading.ts';
import { emulate as emulateSalesforce, optionsFor as salesforceOptions } from './salesforce/reading.ts';

const NOW = '2026-03-01T08:00:00.000Z';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench('duckdb');
});
afterEach(() => bench.dispose());

function people(): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  crm.customProperties.contacts = new Set(['custom_property_899']);
  for (const id of [2, 3]) {
    crm.put('contacts', id, `2026-02-0${id}T07:00:00.000Z`, {
      properties: { email: `p${id}@acme.example`, gclid: `Cj0-${id}`, custom_property_899: `seven ${id}` },
    });
  }
  return crm;
}

/** Rows read and loaded of one stream, an hour later each time. */
let hours = 0;
async function synced(connector: Connector, stream: string): Promise<[read: number, loaded: number]> {
  hours += 1;
  const now = (): Date => new Date(Date.parse(NOW) + hours * 3_600_000);
  const { streams } = await bench.sync([connector], { now, select: [`${connector.name}.${stream}`] });
  expect(streams.map(({ error }) => error)).toEqual([undefined]);
  return [streams[0]?.rows.read ?? -1, streams[0]?.rows.loaded ?? -1];
}

async function values(sql: string): Promise<unknown[]> {
  return (await bench.query(sql)).map((row) => Object.values(row)[0]);
}

test('Salesforce: a field that is named from now on, and one that the user sees again', async () => {
  const crm = people();
  const emulator = await emulateSalesforce(crm, '2026-03-05T08:00:00.000Z');
  const connector = (fields = {}): Connector => salesforce(salesforceOptions(emulator, { fields }));
  const emails = (): Promise<unknown[]> => values('select email from raw_salesforce.contacts order by id');
  expect((await synced(connector(), 'contacts'))[1]).toBe(2);
  const gclids = (): Promise<unknown[]> => values('select gclid from raw_salesforce.contacts order by id');
  expect(await gclids()).toEqual([null, null]);
  const named = connector({ gclid: 'GCLID__c' });
  expect((await synced(named, 'contacts'))[1]).toBe(2);
  expect(await gclids()).toEqual(['Cj0-2', 'Cj0-3']);
  expect(await synced(named, 'contacts')).toEqual([1, 0]);
  // A right that is missing takes nothing from records that do not change.
  emulator.knobs.hiddenFields.push('Contact.Email');
  crm.put('contacts', 3, '2026-02-03T08:00:00.000Z', { properties: { lastName: 'Renamed' } });
  await synced(named, 'contacts');
  crm.put('contacts', 2, '2026-02-04T08:00:00.000Z', {});
  crm.put('contacts', 2, '2026-02-05T08:00:00.000Z', {});
  expect(await emails()).toEqual(['p2@acme.example', null]);
  await synced(named, 'contacts');
  // Once it is back, so is what came meanwhile.
  emulator.knobs.hiddenFields.pop();
  await synced(named, 'contacts');
  expect(await emails()).toEqual(['p2@acme.example', 'p3@acme.example']);
});

test('Pipedrive: a custom field that is named from now on', async () => {
  const emulator = await emulatePipedrive(people(), '2026-03-05T08:00:00.000Z');
  const connector = (fields = {}): Connector => pipedrive(pipedriveOptions(emulator, { fields }));
  await synced(connector(), 'persons');
  const gclids = (): Promise<unknown[]> => values('select gclid from raw_pipedrive.persons order by id');
  expect(await gclids()).toEqual([null, null]);
  const named = connector({ gclid: 'Google click id' });
  expect((await synced(named, 'persons'))[1]).toBe(2);
  expect(await gclids()).toEqual(['Cj0-2', 'Cj0-3']);
  expect((await synced(named, 'persons'))[1]).toBe(0);
});

test('HubSpot: a property that is asked for from now on', async () => {
  const emulator = await emulateHubspot(people(), '2026-03-05T08:00:00.000Z');
  const connector = (properties = {}): Connector =>
    hubspot({ accessToken: emulator.knobs.accessToken, endpoint: emulator.url, properties });
  await synced(connector(), 'contacts');
  const named = connector({ contacts: ['custom_property_899'] });
  expect((await synced(named, 'contacts'))[1]).toBe(2);
  expect(await values('select _extra from raw_hubspot.contacts order by id')).toEqual([
    { custom_property_899: 'seven 2' },
    { custom_property_899: 'seven 3' },
  ]);
  expect((await synced(named, 'contacts'))[1]).toBe(0);
});
