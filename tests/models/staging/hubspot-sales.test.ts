import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hubspot } from '../../../connectors/hubspot/index.ts';
import { startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import { build } from '../../../src/model/index.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { tinyCrm } from '../../connectors/hubspot/tiny-crm.ts';
import { type Bench, openBench } from '../../sync/support.ts';

const START = '2026-03-01T08:00:00.000Z';
const at = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();
/** As warehouses write it. */
const stored = (minutes: number): string => at(minutes).replace('000Z', '000000Z');

const MODELS = ['owners', 'forms', 'form_submissions', 'activities', 'activity_deals', 'activity_contacts'];

/** What sales did and what visitors filled in: the simulated company has neither. */
function salesCrm(): ReturnType<typeof tinyCrm> {
  const crm = tinyCrm();
  const done = (
    type: 'calls' | 'emails' | 'meetings' | 'notes' | 'tasks',
    id: number,
    properties: Record<string, string>,
  ) => crm.put(type, id, at(0), { properties: { occurredAt: at(id), ...properties } });
  crm.put('deals', 8, at(0));
  crm.put('contacts', 9, at(0));
  done('calls', 1, { direction: 'OUTBOUND', status: 'COMPLETED', durationMs: '61500', ownerId: '7' });
  done('calls', 2, { direction: 'INBOUND', status: 'NO_ANSWER' });
  done('emails', 1, { direction: 'INCOMING_EMAIL', status: 'SENT' });
  done('emails', 2, { direction: 'EMAIL', status: 'BOUNCED' });
  done('meetings', 1, { startsAt: at(60), endsAt: at(90), outcome: 'COMPLETED', origin: 'MEETINGS_PUBLIC' });
  done('meetings', 2, { startsAt: at(70), outcome: 'SCHEDULED' });
  done('meetings', 3, { startsAt: at(80), outcome: 'NO_SHOW' });
  done('notes', 1, {});
  done('tasks', 1, { status: 'NOT_STARTED' });
  crm.link('meetings', 1, 'deals', [8], at(0));
  crm.link('calls', 1, 'contacts', [9], at(0));
  crm.archive('notes', 1, at(5));
  for (const id of ['7', '8'])
    crm.owners.push({
      id,
      email: `o${id}@example.com`,
      firstName: 'Ada',
      lastName: id,
      createdAt: at(0),
      updatedAt: at(0),
      isArchived: id === '8',
    });
  crm.forms.push({
    id: 'demo',
    name: 'Demo',
    type: 'hubspot',
    createdAt: at(0),
    isArchived: false,
    submissions: [
      {
        id: 's1',
        at: at(3),
        pageUrl: 'https://x.example/demo?utm_source=a',
        values: { email: 'a@b.example', gclid: 'G1' },
      },
    ],
  });
  return crm;
}

for (const engine of enginesOrOne('postgres')) {
  describe(`what sales did and visitors filled in at HubSpot, on ${engine}`, () => {
    let bench: Bench;

    beforeAll(async () => {
      bench = await openBench(engine);
      const emulator = await startHubspotEmulator({
        world: salesCrm(),
        now: () => at(30),
        knobs: { callsPerTenSeconds: Infinity, searchesPerSecond: Infinity },
      });
      const connector = hubspot({
        accessToken: emulator.knobs.accessToken,
        endpoint: emulator.url,
        requestsPerTenSeconds: 1_000_000,
        searchesPerSecond: 10_000,
        activities: ['calls', 'emails', 'meetings', 'notes', 'tasks'],
      });
      const report = await bench.sync([connector], { now: () => new Date(at(30)), start: '2025-01-01' });
      expect(report.streams.filter(({ status, rows }) => status !== 'ok' || rows.rejected > 0)).toEqual([]);
      await emulator.close();
      const { project: all } = await shippedLibrary();
      const wanted = [...MODELS.map((name) => `hubspot_${name}`), 'deal_activities'];
      const project = { ...all, models: all.models.filter(({ name }) => wanted.includes(name)), inputs: [] };
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(at(30)), runId: 'run' });
    });
    afterAll(() => bench.dispose());

    test('activities have one vocabulary, and say whether they took place', async () => {
      const rows = await bench.query('select * from staging.hubspot_activities order by activity_id');
      expect(
        rows.map((row) => [row['activity_id'], row['kind'], row['direction'], row['is_held'], row['is_deleted']]),
      ).toEqual([
        ['calls:1', 'call', 'outbound', true, false],
        ['calls:2', 'call', 'inbound', false, false],
        ['emails:1', 'email', 'inbound', true, false],
        ['emails:2', 'email', 'outbound', false, false],
        ['meetings:1', 'meeting', null, true, false],
        ['meetings:2', 'meeting', null, null, false],
        ['meetings:3', 'meeting', null, false, false],
        ['notes:1', 'note', null, null, true],
        ['tasks:1', 'task', null, false, false],
      ]);
      expect(rows[0]).toMatchObject({
        source: 'hubspot',
        owner_id: '7',
        duration_seconds: 61.5,
        occurred_at: stored(1),
      });
      expect(rows[4]).toMatchObject({ origin: 'MEETINGS_PUBLIC', occurred_at: stored(60) });
    });

    test('a deal has its meetings as evidence, a contact its calls', async () => {
      expect(await bench.query('select deal_id, meetings_held, first_meeting_at from core.deal_activities')).toEqual([
        { deal_id: '8', meetings_held: 1, first_meeting_at: stored(60) },
      ]);
      expect(await bench.query('select activity_id, contact_id from staging.hubspot_activity_contacts')).toEqual([
        { activity_id: 'calls:1', contact_id: '9' },
      ]);
    });

    test('forms that were filled in are events of people without a device', async () => {
      expect(await bench.query('select * from staging.hubspot_form_submissions')).toMatchObject([
        {
          source: 'hubspot',
          event_id: 's1',
          event_name: 'form_submission',
          occurred_at: stored(3),
          anonymous_id: null,
          email: 'a@b.example',
          url: 'https://x.example/demo?utm_source=a',
          utm_source: null,
          gclid: 'G1',
        },
      ]);
      expect(await bench.query('select form_id, form_name, is_deleted from staging.hubspot_forms')).toEqual([
        { form_id: 'demo', form_name: 'Demo', is_deleted: false },
      ]);
    });

    test('owners have names, also those who left', async () => {
      expect(await bench.query('select * from staging.hubspot_owners order by owner_id')).toEqual([
        { source: 'hubspot', owner_id: '7', owner_name: 'Ada 7', email: 'o7@example.com', is_active: true },
        { source: 'hubspot', owner_id: '8', owner_name: 'Ada 8', email: 'o8@example.com', is_active: false },
      ]);
    });
  });
}
