import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { pipedrive } from '../../../connectors/pipedrive/index.ts';
import { employeesOf } from '../../../fixtures/emulators/company-size.ts';
import { type PipedriveEmulator, startPipedriveEmulator } from '../../../fixtures/emulators/pipedrive/index.ts';
import { createStages } from '../../../fixtures/emulators/pipedrive/deal-course.ts';
import { toSecond } from '../../../fixtures/emulators/pipedrive/rows.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { Connector } from '../../../src/connector/contract.ts';
import { build } from '../../../src/model/index.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { engines } from '../../support/warehouses.ts';
import { type Bench, openBench } from '../../sync/support.ts';

const world = createWorld({ seed: 11, start: '2025-01-01', months: 8 });
/** The first sync, changes in between, and a week later, when everything is read again. */
const LAST = '2025-05-21T06:00:00.000Z';
const RUNS = ['2025-05-10T06:00:00.000Z', '2025-05-12T06:00:00.000Z', LAST] as const;
const view = world.at(LAST);

const FIELDS = {
  gclid: 'Google click id',
  fbclid: 'Facebook click id',
  first_page_url: 'First page',
  first_referrer: 'First referrer',
  first_seen_at: 'First seen',
  original_source: 'Original source',
} as const;

const instant = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? toSecond(value).replace('Z', '.000000Z') : null;
const exact = (value: string | null | undefined): string | null => (value ? value.replace('Z', '000Z') : null);
const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

function connectorAt(emulator: PipedriveEmulator): Connector {
  return pipedrive({
    endpoint: emulator.url,
    apiToken: emulator.knobs.apiToken,
    fields: FIELDS,
    requestsPerTwoSeconds: 1_000_000,
  });
}

for (const engine of engines) {
  describe(`staging models of Pipedrive on ${engine}`, () => {
    let bench: Bench;
    let emulator: PipedriveEmulator;

    beforeAll(async () => {
      bench = await openBench(engine);
      emulator = await startPipedriveEmulator({ world, now: () => RUNS[0] });
      for (const at of RUNS) {
        emulator.setNow(at);
        const report = await bench.sync([connectorAt(emulator)], { now: () => new Date(at), start: '2025-01-01' });
        expect(report.streams.filter(({ status, rows }) => status !== 'ok' || rows.rejected > 0)).toEqual([]);
      }
      const { project: all } = await shippedLibrary();
      const project = { ...all, models: all.models.filter(({ name }) => name.startsWith('pipedrive_')), inputs: [] };
      expect(project.models.length).toBe(7);
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(LAST), runId: 'run' });
    });
    afterAll(async () => {
      await bench.dispose();
      await emulator.close();
    });

    const rows = async (model: string, keyOf: (row: Row) => string): Promise<Row[]> =>
      (await bench.query(`select * from staging.pipedrive_${model}`)).toSorted((left, right) =>
        byText(keyOf(left), keyOf(right)),
      );
    const liveDeals = () => emulator.company().deals.filter(({ isDeleted }) => !isDeleted);

    test('contacts are the CRM’s persons, with what the named custom fields hold', async () => {
      const found = await rows('contacts', (row) => String(row['contact_id']));
      const people = new Map(view.crmObjects('contacts').map((person) => [Number(person.id), person.properties]));
      expect(found.filter((row) => row['is_deleted'] === false)).toEqual(
        emulator
          .company()
          .persons.map((person) => {
            const told = people.get(person.id) ?? {};
            return {
              source: 'pipedrive',
              contact_id: String(person.id),
              company_id: person['org_id'] === null ? null : String(person['org_id']),
              email: told['email'] ?? null,
              phone: told['phone'] ?? null,
              full_name: person['name'],
              lifecycle_stage: null,
              original_source: told['originalSource'] ?? null,
              original_source_detail_1: null,
              original_source_detail_2: null,
              first_page_url: told['firstUrl'] ?? null,
              first_referrer: told['firstReferrer'] ?? null,
              first_seen_at: exact(told['firstSeenAt']),
              latest_source: null,
              latest_source_detail_1: null,
              latest_source_detail_2: null,
              latest_seen_at: null,
              gclid: told['gclid'] ?? null,
              fbclid: told['fbclid'] ?? null,
              created_at: instant(person['add_time']),
              updated_at: instant(person.update_time),
              is_deleted: false,
            };
          })
          .toSorted((left, right) => byText(left.contact_id, right.contact_id)),
      );
    });

    test('every deal belongs to somebody who has a name, those who left included', async () => {
      const [unknown] = await bench.query(`select count(*) as deals from staging.pipedrive_deals as deals
        left join staging.pipedrive_users as owners on owners.owner_id = deals.owner_id where owners.owner_name is null`);
      expect(Number(unknown?.['deals'])).toBe(0);
      const [left] = await bench.query(`select owner_name from staging.pipedrive_users where not is_active`);
      expect(left).toEqual({ owner_name: 'Owner 106' });
    });

    test('companies have the host of their website, and how many work there', async () => {
      const found = await rows('companies', (row) => String(row['company_id']));
      expect(
        found
          .filter((row) => row['is_deleted'] === false)
          .map(({ company_id, company_name, domain, employees }) => [company_id, company_name, domain, employees]),
      ).toEqual(
        view
          .crmObjects('companies')
          .filter(({ isArchived }) => !isArchived)
          .map(({ id, properties }) => [id, properties['name'], properties['domain'] ?? null, employeesOf(id)])
          .toSorted((left, right) => byText(String(left[0]), String(right[0]))),
      );
    });

    test('deals have amount, currency and company; archived ones are live', async () => {
      const found = await rows('deals', (row) => String(row['deal_id']));
      const live = liveDeals();
      expect(live.filter(({ isArchived }) => isArchived).length).toBeGreaterThan(5);
      expect(found.filter((row) => row['is_deleted'] === false)).toEqual(
        live
          .map((deal) => ({
            source: 'pipedrive',
            deal_id: String(deal.id),
            deal_name: deal['title'],
            company_id: deal['org_id'] === null ? null : String(deal['org_id']),
            pipeline_id: String(deal['pipeline_id']),
            stage_id: deal['status'] === 'open' ? String(deal['stage_id']) : deal['status'],
            amount: Number(deal['value']).toFixed(6),
            currency: deal['currency'],
            owner_id: String(deal['owner_id']),
            close_date_at:
              instant(deal['close_time']) ??
              (deal['expected_close_date'] === null ? null : `${String(deal['expected_close_date'])}T00:00:00.000000Z`),
            created_at: instant(deal['add_time']),
            updated_at: instant(deal.update_time),
            is_deleted: false,
          }))
          .toSorted((left, right) => byText(left.deal_id, right.deal_id)),
      );
    });

    test('stage changes are the CRM’s own, won and lost among them, each at its own second', async () => {
      const keyOf = (row: { deal_id?: unknown; entered_at?: unknown }): string =>
        `${String(row.deal_id)} ${String(row.entered_at)}`;
      const stages = createStages(view.pipelines());
      const live = new Set(liveDeals().map(({ id }) => String(id)));
      const wanted = view
        .crmObjects('deals')
        .filter(({ id }) => live.has(id))
        .flatMap(({ id, history }) => {
          const entries = (history['stage'] ?? []).toReversed();
          return entries
            .filter((entry, index) => entry.value !== entries[index - 1]?.value)
            .map(({ value, at, actor }) => {
              const stage = stages.of(value ?? '');
              return {
                deal_id: id,
                stage_id: stage.status === 'open' ? String(stage.number) : stage.status,
                entered_at: instant(at),
                actor: actor === 'CRM_UI' ? 'manual' : actor === 'IMPORT' ? 'import' : 'automation',
              };
            });
        });
      const found = (await rows('deal_stage_changes', keyOf)).filter((row) => live.has(String(row['deal_id'])));
      expect(
        found.map(({ deal_id, stage_id, entered_at, actor }) => ({ deal_id, stage_id, entered_at, actor })),
      ).toEqual(wanted.toSorted((left, right) => byText(keyOf(left), keyOf(right))));
      expect(found.filter(({ stage_id }) => stage_id === 'won').length).toBeGreaterThan(10);
    });

    test('deal_contacts are the person a deal names and its participants', async () => {
      const live = new Set(liveDeals().map(({ id }) => String(id)));
      const found = (
        await rows('deal_contacts', (row) => `${String(row['deal_id'])} ${String(row['contact_id'])}`)
      ).filter((row) => live.has(String(row['deal_id'])));
      expect(found.map(({ deal_id, contact_id }) => `${String(deal_id)} ${String(contact_id)}`)).toEqual(
        view
          .crmObjects('deals')
          .filter(({ id }) => live.has(id))
          .flatMap(({ id }) => view.associations('deals', id, 'contacts').map(({ toId }) => `${id} ${toId}`))
          .toSorted(byText),
      );
      const named = liveDeals().filter((deal) => deal['person_id'] !== null);
      expect(found.filter((row) => row['is_primary'] === true).length).toBe(named.length);
      expect(found.length).toBeGreaterThan(named.length);
    });

    test('pipeline_stages are the open ones, and won and lost behind them', async () => {
      const found = await rows(
        'pipeline_stages',
        (row) => `${String(row['pipeline_id'])} ${String(row['stage_order']).padStart(3, '0')}`,
      );
      expect(
        found.map(({ pipeline_label, stage_label, is_closed, is_won }) => [
          pipeline_label,
          stage_label,
          is_closed,
          is_won,
        ]),
      ).toEqual(
        view
          .pipelines()
          .flatMap(({ label, stages }) => [
            ...stages.filter(({ isClosed }) => !isClosed).map((stage) => [label, stage.label, false, false]),
            [label, 'Won', true, true],
            [label, 'Lost', true, false],
          ]),
      );
    });

    test('a second full sync of the same moment changes nothing', async () => {
      const report = await bench.sync([connectorAt(emulator)], {
        now: () => new Date(LAST),
        start: '2025-01-01',
        full: true,
      });
      expect(
        report.streams
          .filter(({ rows: { loaded, deleted, vanished } }) => loaded + deleted + vanished > 0)
          .map(({ stream, rows: counts }) => ({ stream, counts })),
      ).toEqual([]);
    });
  });
}
