import { describe, expect, test } from 'vitest';

import { emulate, land, landAll, live, nothingLanded, open, partitionsOf } from './reading.ts';
import { tinyCrm } from './tiny-crm.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

describe('activities', () => {
  test('of the kinds asked for have columns in common, and their contents are never asked for', async () => {
    const crm = tinyCrm();
    crm.put('calls', 1, at(0), {
      properties: {
        occurredAt: at(-5),
        direction: 'OUTBOUND',
        status: 'COMPLETED',
        durationMs: '61000',
        ownerId: '7',
        body: 'secret talk',
      },
    });
    crm.put('meetings', 1, at(0), {
      properties: {
        occurredAt: at(-90),
        startsAt: at(-60),
        endsAt: at(-30),
        outcome: 'COMPLETED',
        origin: 'MEETINGS_PUBLIC',
        body: 'secret plan',
      },
    });
    const emulator = await emulate(crm, at(20));
    const connection = await open(emulator, at(20));
    expect((await partitionsOf(connection, 'activities')).map(({ key }) => key)).toEqual([
      { kind: 'calls' },
      { kind: 'meetings' },
    ]);
    expect(live(await landAll(connection, 'activities', { kind: 'calls' }))).toEqual([
      {
        kind: 'calls',
        id: '1',
        occurred_at: at(-5),
        direction: 'OUTBOUND',
        status: 'COMPLETED',
        outcome: null,
        origin: null,
        duration_ms: '61000',
        owner_id: '7',
        created_at: at(0),
        updated_at: at(0),
      },
    ]);
    expect(live(await landAll(connection, 'activities', { kind: 'meetings' }))).toMatchObject([
      { kind: 'meetings', id: '1', occurred_at: at(-60), ends_at: at(-30), origin: 'MEETINGS_PUBLIC' },
    ]);
    const asked = emulator.requests.map(({ url, body }) => `${url.search} ${body}`).join('\n');
    expect(asked).not.toMatch(/_body|_text|_html|_subject|_title/);
  });

  test('that change and go between two runs are followed, with their links to contacts and deals', async () => {
    const crm = tinyCrm();
    crm.put('contacts', 9, at(0));
    crm.put('deals', 8, at(0));
    for (let id = 1; id <= 120; id += 1) crm.put('meetings', id, at(0), { properties: { outcome: 'SCHEDULED' } });
    for (const id of [1, 2]) crm.link('meetings', id, 'contacts', [9], at(0));
    crm.link('meetings', 1, 'deals', [8], at(0));
    const emulator = await emulate(crm, at(20));
    const kind = { kind: 'meetings' };
    const [meetings, contacts] = [nothingLanded(), nothingLanded()];
    const first = await open(emulator, at(20), { activities: ['meetings'] });
    await land(first, 'activities', meetings, { key: kind });
    await land(first, 'activity_contacts', contacts, { key: kind });
    expect([...contacts.rows.keys()]).toEqual(['meetings|1|9', 'meetings|2|9']);
    expect(live(await landAll(first, 'activity_deals', kind))).toMatchObject([
      { kind: 'meetings', activity_id: '1', deal_id: '8' },
    ]);
    crm.put('meetings', 1, at(30), { properties: { outcome: 'COMPLETED' } });
    crm.link('meetings', 1, 'contacts', [], at(30));
    crm.archive('meetings', 2, at(31));
    emulator.setNow(at(60));
    const second = await open(emulator, at(60), { activities: ['meetings'] });
    await land(second, 'activities', meetings, { key: kind });
    await land(second, 'activity_contacts', contacts, { key: kind });
    expect(meetings.rows.get('meetings|1')).toMatchObject({ outcome: 'COMPLETED' });
    expect([...meetings.deleted]).toEqual(['meetings|2']);
    expect([...contacts.rows.keys()]).toEqual(['meetings|2|9']);
  });

  test('of a kind that needs a scope of its own are refused with what to do', async () => {
    const emulator = await emulate(tinyCrm(), START, { scopes: ['oauth', 'crm.objects.contacts.read'] });
    const connection = await open(emulator, START, { activities: ['emails'] });
    await expect(landAll(connection, 'activities', { kind: 'emails' })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      hint: expect.stringContaining('sales-email-read'),
    });
  });
});

describe('owners', () => {
  test('are read page by page, and those who left are still there, no longer active', async () => {
    const crm = tinyCrm();
    for (let id = 1; id <= 7; id += 1) {
      const isArchived = id > 5;
      crm.owners.push({
        id: String(id),
        email: `o${id}@example.com`,
        firstName: 'O',
        lastName: '',
        createdAt: at(0),
        updatedAt: at(1),
        isArchived,
      });
    }
    const emulator = await emulate(crm, at(20), { largestPage: 2 });
    const landed = await landAll(await open(emulator, at(20)), 'owners');
    expect(live(landed).map((row) => [row['id'], row['is_active'], row['user_id']])).toEqual([
      ['1', true, 501],
      ['2', true, 502],
      ['3', true, 503],
      ['4', true, 504],
      ['5', true, 505],
      ['6', false, 506],
      ['7', false, 507],
    ]);
    expect(landed.rows.get('1')).toMatchObject({
      email: 'o1@example.com',
      first_name: 'O',
      last_name: null,
      type: 'PERSON',
      teams: [{ id: '178588', name: 'West', primary: true }],
      created_at: at(0),
    });
    expect(await partitionsOf(await open(emulator, at(20), { owners: false }), 'owners')).toEqual([]);
  });
});
