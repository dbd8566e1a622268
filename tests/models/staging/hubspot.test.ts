import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { hubspot } from '../../../connectors/hubspot/index.ts';
import { employeesOf } from '../../../fixtures/emulators/company-size.ts';
import { type HubspotEmulator, startHubspotEmulator } from '../../../fixtures/emulators/hubspot/index.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { CrmObjectType, WorldView } from '../../../fixtures/world/types.ts';
import { build } from '../../../src/model/index.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { engines } from '../../support/warehouses.ts';
import { type Bench, openBench } from '../../sync/support.ts';

const world = createWorld({ seed: 11, start: '2025-01-01', months: 8 });
/** The first sync, changes in between, and a week later, when everything is read again. */
const LAST = '2025-05-21T06:00:00.000Z';
const RUNS = ['2025-05-10T06:00:00.000Z', '2025-05-12T06:00:00.000Z', LAST] as const;
const view: WorldView = world.at(LAST);

const instant = (value: string | null | undefined): string | null =>
  value ? value.replace(/(\.\d{3})Z$/, '$1000Z') : null;
const primary = (type: CrmObjectType, id: string): string | null =>
  view.associations(type, id, 'companies').find(({ isPrimary }) => isPrimary)?.toId ?? null;
const liveOf = (type: CrmObjectType) => view.crmObjects(type).filter(({ isArchived }) => !isArchived);
const minuteOfJune = (minute: number): string => `2025-06-01T10:0${minute}:00.000Z`;

for (const engine of engines) {
  describe(`staging models of HubSpot on ${engine}`, () => {
    let bench: Bench;
    let emulator: HubspotEmulator;

    beforeAll(async () => {
      bench = await openBench(engine);
      emulator = await startHubspotEmulator({
        world,
        now: () => RUNS[0],
        knobs: { callsPerTenSeconds: Infinity, searchesPerSecond: Infinity },
      });
      for (const run of RUNS) {
        emulator.setNow(run);
        const connector = hubspot({
          accessToken: emulator.knobs.accessToken,
          endpoint: emulator.url,
          requestsPerTenSeconds: 1_000_000,
          searchesPerSecond: 10_000,
        });
        const report = await bench.sync([connector], { now: () => new Date(run), start: '2025-01-01' });
        expect(report.streams.filter(({ status, rows }) => status !== 'ok' || rows.rejected > 0)).toEqual([]);
      }
      const { project: all } = await shippedLibrary();
      const project = { ...all, models: all.models.filter(({ name }) => name.startsWith('hubspot_')), inputs: [] };
      expect(project.models.length).toBe(17);
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(LAST), runId: 'run' });
    });
    afterAll(async () => {
      await bench.dispose();
      await emulator.close();
    });

    const rows = (model: string, order: string): Promise<Row[]> =>
      bench.query(`select * from staging.hubspot_${model} order by ${order}`);
    test('contacts are the CRM’s, archived and merged ones marked deleted', async () => {
      const found = await rows('contacts', 'cast(contact_id as bigint)');
      expect(found.filter((row) => row['is_deleted'] === false)).toEqual(
        liveOf('contacts').map(({ id, createdAt, updatedAt, properties: p }) => ({
          source: 'hubspot',
          contact_id: id,
          company_id: primary('contacts', id),
          email: p['email'],
          phone: p['phone'],
          full_name:
            [p['firstName'], p['lastName']]
              .filter((name) => name !== null)
              .join(' ')
              .trim() || null,
          lifecycle_stage: p['lifecycleStage'],
          original_source: p['originalSource'],
          original_source_detail_1: p['originalSourceDetail1'],
          original_source_detail_2: p['originalSourceDetail2'],
          first_page_url: p['firstUrl'],
          first_referrer: p['firstReferrer'],
          first_seen_at: instant(p['firstSeenAt']),
          latest_source: p['latestSource'],
          latest_source_detail_1: p['latestSourceDetail1'],
          latest_source_detail_2: p['latestSourceDetail2'],
          latest_seen_at: instant(p['latestSeenAt']),
          gclid: p['gclid'],
          fbclid: p['fbclid'],
          created_at: instant(createdAt),
          updated_at: instant(updatedAt),
          is_deleted: false,
        })),
      );
      const before = new Set(
        world
          .at(RUNS[0])
          .crmObjects('contacts')
          .map(({ id }) => id),
      );
      const gone = [...before].filter((id) => view.crmObject('contacts', id)?.isArchived !== false);
      expect(gone.length).toBeGreaterThan(0);
      expect(found.filter((row) => row['is_deleted'] === true).map((row) => row['contact_id'])).toEqual(
        expect.arrayContaining(gone),
      );
    });

    test('deals have amount, currency, close date and primary company', async () => {
      const found = await rows('deals', 'cast(deal_id as bigint)');
      expect(found.filter((row) => row['is_deleted'] === false)).toEqual(
        liveOf('deals').map(({ id, createdAt, updatedAt, properties: p }) => ({
          source: 'hubspot',
          deal_id: id,
          deal_name: p['name'],
          company_id: primary('deals', id),
          pipeline_id: p['pipeline'],
          stage_id: p['stage'],
          amount: p['amount'] === null ? null : Number(p['amount']).toFixed(6),
          currency: p['currency'],
          owner_id: p['ownerId'],
          close_date_at: instant(p['closeDate']),
          created_at: instant(createdAt),
          updated_at: instant(updatedAt),
          is_deleted: false,
        })),
      );
    });

    test('every deal belongs to somebody who has a name, those who left included', async () => {
      const [unknown] = await bench.query(`select count(*) as deals from staging.hubspot_deals as deals
        left join staging.hubspot_owners as owners on owners.owner_id = deals.owner_id where owners.owner_name is null`);
      expect(Number(unknown?.['deals'])).toBe(0);
      const [left] = await bench.query(`select owner_name from staging.hubspot_owners where not is_active`);
      expect(left).toEqual({ owner_name: 'Owner 106' });
    });

    test('companies are the CRM’s', async () => {
      const found = await rows('companies', 'cast(company_id as bigint)');
      expect(
        found
          .filter((row) => row['is_deleted'] === false)
          .map(({ company_id, company_name, domain, employees }) => [company_id, company_name, domain, employees]),
      ).toEqual(
        liveOf('companies').map(({ id, properties }) => [
          id,
          properties['name'],
          properties['domain'] ?? null,
          employeesOf(id),
        ]),
      );
    });

    for (const [model, type, owner, column, property] of [
      ['deal_stage_changes', 'deals', 'deal_id', 'stage_id', 'stage'],
      ['contact_stage_changes', 'contacts', 'contact_id', 'lifecycle_stage', 'lifecycleStage'],
    ] as const) {
      test(`${model} have each entry once, at its own time, and no repetition of a stage`, async () => {
        const actors: Record<string, string> = { CRM_UI: 'manual', IMPORT: 'import' };
        const wanted = view.crmObjects(type).flatMap(({ id, history }) => {
          const entries = (history[property] ?? []).toReversed();
          return entries
            .filter((entry, index) => entry.value !== null && entry.value !== entries[index - 1]?.value)
            .map((entry) => ({
              source: 'hubspot',
              [owner]: id,
              [column]: entry.value,
              entered_at: instant(entry.at),
              actor: actors[entry.actor] ?? 'automation',
              recorded_at: instant(entry.at),
            }));
        });
        const known = new Set(view.crmObjects(type).map(({ id }) => id));
        const found = await rows(model, `cast(${owner} as bigint), entered_at`);
        expect(found.filter((row) => known.has(String(row[owner])))).toEqual(wanted);
      });
    }

    test('deal_contacts are the links of live deals, and no deal has one twice', async () => {
      const found = await rows('deal_contacts', 'cast(deal_id as bigint), cast(contact_id as bigint)');
      const liveDeals = new Set(liveOf('deals').map(({ id }) => id));
      const liveContacts = new Set(liveOf('contacts').map(({ id }) => id));
      expect(
        found
          .filter((row) => liveDeals.has(String(row['deal_id'])))
          .map(({ deal_id, contact_id }) => [deal_id, contact_id]),
      ).toEqual(
        liveOf('deals').flatMap(({ id }) =>
          view
            .associations('deals', id, 'contacts')
            .filter(({ toId }) => liveContacts.has(toId))
            .map(({ toId }) => [id, toId]),
        ),
      );
    });

    test('pipeline_stages say which stages are closed and won', async () => {
      expect(
        (await rows('pipeline_stages', 'pipeline_id desc, stage_order')).map(
          ({ stage_id, stage_label, is_closed, is_won }) => ({ stage_id, stage_label, is_closed, is_won }),
        ),
      ).toEqual(
        view.pipelines().flatMap(({ stages }) =>
          stages.map(({ id, label, isClosed, isWon }) => ({
            stage_id: id,
            stage_label: label,
            is_closed: isClosed,
            is_won: isWon,
          })),
        ),
      );
    });

    test('a second sync of the same moment changes nothing', async () => {
      const connector = hubspot({
        accessToken: emulator.knobs.accessToken,
        endpoint: emulator.url,
        requestsPerTenSeconds: 1_000_000,
        searchesPerSecond: 10_000,
      });
      const report = await bench.sync([connector], { now: () => new Date(LAST), start: '2025-01-01' });
      expect(
        report.streams.filter(({ rows: { loaded, deleted, vanished } }) => loaded + deleted + vanished > 0),
      ).toEqual([]);
    });

    test('a repeated stage is no entry, a stage after a cleared one is, two at one instant are one, and the actor is told', async () => {
      const entries: [minute: number, value: string | null, source: string][] = [
        [0, 'a', 'IMPORT'],
        [1, 'a', 'CRM_UI'],
        [2, 'b', 'MOBILE_IOS'],
        [3, null, 'API'],
        [4, 'b', 'AUTOMATION_PLATFORM'],
        [5, 'c', 'CRM_UI'],
        [5, 'd', 'CRM_UI'],
        [6, 'a', 'INTEGRATION'],
      ];
      for (const [minute, value, source] of entries) {
        await bench.warehouse.execute(
          `insert into raw_hubspot.deal_stage_history (deal_id, property, changed_at, entry, value, source_type, _row_hash, _load_id, _deleted)
           values ('1', 'dealstage', cast($1 as timestamptz), $2, $3, $4, $2, 'by hand', false)`,
          [minuteOfJune(minute), `=${value ?? ''}`, value, source],
        );
      }
      const found = await bench.query(
        "select * from staging.hubspot_deal_stage_changes where deal_id = '1' order by entered_at",
      );
      expect(
        found.map(({ entered_at, stage_id, actor }) => [String(entered_at).slice(14, 16), stage_id, actor]),
      ).toEqual([
        ['00', 'a', 'import'],
        ['02', 'b', 'manual'],
        ['04', 'b', 'automation'],
        ['05', 'd', 'manual'],
        ['06', 'a', 'automation'],
      ]);
    });
  });
}
