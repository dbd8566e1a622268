import { expect, test } from 'vitest';

import { emulate, landAll, live, open, partitionsOf } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

test('Tickets come with whom they belong to; what customers wrote is never asked for.', async () => {
  const crm = tinyCrm();
  for (const id of [9, 10]) crm.put('contacts', id, at(0));
  for (const id of [20, 21]) crm.put('companies', id, at(0));
  crm.put('deals', 30, at(0));
  const properties = {
    pipeline: '0',
    stage: '4',
    category: 'BILLING_ISSUE',
    priority: 'HIGH',
    ownerId: '7',
    closedAt: at(5),
    subject: 'secret subject',
    content: 'secret content',
  };
  crm.put('tickets', 1, at(0), { properties });
  crm.put('tickets', 2, at(1));
  crm.put('tickets', 3, at(1));
  crm.archive('tickets', 3, at(2));
  crm.link('tickets', 1, 'contacts', [10, 9], at(0));
  crm.link('tickets', 1, 'companies', [21, 20], at(0));
  crm.link('tickets', 1, 'deals', [30], at(0));
  const emulator = await emulate(crm, at(20));
  const connection = await open(emulator, at(20));
  const rows = live(await landAll(connection, 'tickets'));
  expect(rows).toEqual([
    {
      id: '1',
      hs_pipeline: '0',
      hs_pipeline_stage: '4',
      hs_ticket_category: 'BILLING_ISSUE',
      hs_ticket_priority: 'HIGH',
      hubspot_owner_id: '7',
      closed_date: at(5),
      contact_id: '9',
      contact_ids: ['9', '10'],
      company_id: '21',
      company_ids: ['20', '21'],
      deal_id: '30',
      deal_ids: ['30'],
      created_at: at(0),
      updated_at: at(0),
    },
    expect.objectContaining({ id: '2', contact_id: null, contact_ids: [], company_id: null, deal_id: null }),
  ]);
  const asked = emulator.requests.map(({ url, body }) => `${url.search} ${body}`).join('\n');
  expect(asked).not.toMatch(/subject|content\b/);
});

test('A token without the scope reads the rest, and is told what to grant.', async () => {
  const emulator = await emulate(tinyCrm(), at(20));
  emulator.knobs.scopes = emulator.knobs.scopes.filter((scope) => scope !== 'tickets');
  const notes: string[] = [];
  const connection = await open(emulator, at(20), {}, (note) => notes.push(note));
  expect(await partitionsOf(connection, 'tickets')).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/tickets left out: .*do without: `tickets: false`/)]);
  expect(await partitionsOf(await open(emulator, at(20), { tickets: false }), 'tickets')).toEqual([]);
});
