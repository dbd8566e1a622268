import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { salesforce } from '../../../connectors/salesforce/index.ts';
import { salesforceId } from '../../../fixtures/emulators/salesforce/ids.ts';
import { type SalesforceEmulator, startSalesforceEmulator } from '../../../fixtures/emulators/salesforce/index.ts';
import { convertedAt } from '../../../fixtures/emulators/salesforce/people.ts';
import { toSecond } from '../../../fixtures/emulators/salesforce/rows.ts';
import { createWorld } from '../../../fixtures/world/index.ts';
import type { Connector } from '../../../src/connector/contract.ts';
import { build } from '../../../src/model/index.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { engines } from '../../support/warehouses.ts';
import { type Bench, openBench } from '../../sync/support.ts';

const world = createWorld({ seed: 11, start: '2025-01-01', months: 8 });
/** The first sync, changes in between by the other API, and a week later, when everything is read again. */
const LAST = '2025-05-21T06:00:00.000Z';
const RUNS = [
  { at: '2025-05-10T06:00:00.000Z', bulkAbove: 0 },
  { at: '2025-05-12T06:00:00.000Z', bulkAbove: 20_000 },
  { at: LAST, bulkAbove: 50 },
] as const;
const view = world.at(LAST);

const FIELDS = {
  gclid: 'GCLID__c',
  fbclid: 'FBCLID__c',
  first_page_url: 'First_Page__c',
  first_referrer: 'First_Referrer__c',
  first_seen_at: 'First_Seen__c',
  original_source_detail_1: 'Source_Detail_1__c',
  latest_source: 'Latest_Source__c',
  latest_seen_at: 'Latest_Seen__c',
} as const;

const instant = (value: string | null | undefined): string | null =>
  value ? toSecond(value).replace('.000Z', '.000000Z') : null;
const byText = (left: string, right: string): number => (left < right ? -1 : 1);

function connectorAt(emulator: SalesforceEmulator, bulkAbove: number): Connector {
  const { clientId, clientSecret } = emulator.knobs;
  return salesforce({
    endpoint: emulator.url,
    clientCredentials: { clientId, clientSecret },
    fields: FIELDS,
    bulkAbove,
    bulkPageRecords: 100,
    pollSeconds: 0.01,
    requestsPerSecond: 10_000,
  });
}

for (const engine of engines) {
  describe(`staging models of Salesforce on ${engine}`, () => {
    let bench: Bench;
    let emulator: SalesforceEmulator;

    beforeAll(async () => {
      bench = await openBench(engine);
      emulator = await startSalesforceEmulator({ world, now: () => RUNS[0].at });
      for (const { at, bulkAbove } of RUNS) {
        emulator.setNow(at);
        const report = await bench.sync([connectorAt(emulator, bulkAbove)], {
          now: () => new Date(at),
          start: '2025-01-01',
        });
        expect(report.streams.filter(({ status, rows }) => status !== 'ok' || rows.rejected > 0)).toEqual([]);
      }
      const { project: all } = await shippedLibrary();
      const project = { ...all, models: all.models.filter(({ name }) => name.startsWith('salesforce_')), inputs: [] };
      expect(project.models.length).toBe(10);
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(LAST), runId: 'run' });
    });
    afterAll(async () => {
      await bench.dispose();
      await emulator.close();
    });

    const rows = async (model: string, key: string): Promise<Row[]> =>
      (await bench.query(`select * from staging.salesforce_${model}`)).toSorted((left, right) =>
        byText(String(left[key]), String(right[key])),
      );
    const live = (object: Parameters<SalesforceEmulator['rows']>[0]) =>
      emulator.rows(object).filter((row) => row['IsDeleted'] !== true);

    test('contacts are the CRM’s, with what its own fields hold', async () => {
      const found = await rows('contacts', 'contact_id');
      expect(found.filter((row) => row['is_deleted'] === false)).toEqual(
        live('Contact').map((row) => ({
          source: 'salesforce',
          contact_id: row['Id'],
          company_id: row['AccountId'],
          email: row['Email'],
          phone: row['Phone'],
          full_name: row['Name'],
          lifecycle_stage: null,
          original_source: row['LeadSource'],
          original_source_detail_1: row['Source_Detail_1__c'],
          original_source_detail_2: null,
          first_page_url: row['First_Page__c'],
          first_referrer: row['First_Referrer__c'],
          first_seen_at: instant(row['First_Seen__c'] as string | null),
          latest_source: row['Latest_Source__c'],
          latest_source_detail_1: null,
          latest_source_detail_2: null,
          latest_seen_at: instant(row['Latest_Seen__c'] as string | null),
          gclid: row['GCLID__c'],
          fbclid: row['FBCLID__c'],
          created_at: instant(row['CreatedDate'] as string),
          updated_at: instant(row['SystemModstamp'] as string),
          is_deleted: false,
        })),
      );
    });

    test('leads are those not converted; nobody is both', async () => {
      const leads = (await rows('leads', 'contact_id')).filter((row) => row['is_deleted'] === false);
      const open = live('Lead').filter((row) => row['IsConverted'] === false);
      expect(open.length).toBeGreaterThan(50);
      expect(leads.map(({ contact_id, email, lifecycle_stage }) => [contact_id, email, lifecycle_stage])).toEqual(
        open.map((row) => [row['Id'], row['Email'], row['Status']]),
      );
      const emails = new Set(
        (await rows('contacts', 'contact_id'))
          .filter((row) => row['is_deleted'] === false && row['email'] !== null)
          .map(({ email }) => email),
      );
      const people = view.crmObjects('contacts').filter(({ isArchived }) => !isArchived);
      expect(leads.length + live('Contact').length).toBe(people.length);
      expect(emails.size).toBeGreaterThan(0);
    });

    test('everybody who was a lead became one when the lead was made, converted or not', async () => {
      const found = await rows('contact_stage_changes', 'contact_id');
      const wanted = live('Lead')
        .map((row) => [row['ConvertedContactId'] ?? row['Id'], instant(row['CreatedDate'] as string)])
        .toSorted((left, right) => byText(String(left[0]), String(right[0])));
      expect(found.map(({ contact_id, entered_at }) => [contact_id, entered_at])).toEqual(wanted);
      expect(found.filter(({ contact_id }) => String(contact_id).startsWith('003')).length).toBeGreaterThan(20);
    });

    test('every deal belongs to somebody who has a name, those who left included', async () => {
      const [unknown] = await bench.query(`select count(*) as deals from staging.salesforce_deals as deals
        left join staging.salesforce_users as owners on owners.owner_id = deals.owner_id where owners.owner_name is null`);
      expect(Number(unknown?.['deals'])).toBe(0);
      const [left] = await bench.query(`select owner_name from staging.salesforce_users where not is_active`);
      expect(left).toEqual({ owner_name: 'Owner 106' });
    });

    test('companies have the host of their website', async () => {
      const found = (await rows('companies', 'company_id')).filter((row) => row['is_deleted'] === false);
      expect(found.map(({ company_id, company_name, domain }) => [company_id, company_name, domain])).toEqual(
        view
          .crmObjects('companies')
          .map(({ id, properties }) => [salesforceId('Account', id), properties['name'], properties['domain'] ?? null]),
      );
    });

    test('deals have amount, currency, close date and account', async () => {
      const found = (await rows('deals', 'deal_id')).filter((row) => row['is_deleted'] === false);
      expect(found).toEqual(
        live('Opportunity').map((row) => ({
          source: 'salesforce',
          deal_id: row['Id'],
          deal_name: row['Name'],
          company_id: row['AccountId'],
          pipeline_id: 'opportunity',
          stage_id: row['StageName'],
          amount: row['Amount'] === null ? null : Number(row['Amount']).toFixed(6),
          currency: row['CurrencyIsoCode'],
          owner_id: row['OwnerId'],
          close_date_at: row['CloseDate'] === null ? null : `${row['CloseDate']}T00:00:00.000000Z`,
          created_at: instant(row['CreatedDate'] as string),
          updated_at: instant(row['SystemModstamp'] as string),
          is_deleted: false,
        })),
      );
    });

    test('stage changes have each entry once, at its own second, and no repetition of a stage', async () => {
      const found = (await rows('deal_stage_changes', 'deal_id')).toSorted((left, right) =>
        byText(`${left['deal_id']} ${left['entered_at']}`, `${right['deal_id']} ${right['entered_at']}`),
      );
      const told = view.crmObjects('deals').flatMap(({ id, history }) => {
        const entries = (history['stage'] ?? []).toReversed();
        return entries
          .filter((entry, index) => entry.value !== entries[index - 1]?.value)
          .map(({ value, at, actor }) => [
            salesforceId('Opportunity', id),
            value,
            instant(at),
            actor === 'AUTOMATION_PLATFORM' ? 'automation' : 'manual',
          ]);
      });
      const known = new Set(told.map(([deal]) => deal));
      expect(
        found
          .filter(({ deal_id }) => known.has(String(deal_id)))
          .map(({ deal_id, stage_id, entered_at, actor }) => [deal_id, stage_id, entered_at, actor]),
      ).toEqual(told.toSorted((left, right) => byText(`${left[0]} ${left[2]}`, `${right[0]} ${right[2]}`)));
    });

    test('deal_contacts are the roles of live deals', async () => {
      const found = await rows('deal_contacts', 'deal_id');
      const pairs = (list: readonly (readonly [unknown, unknown])[]): string[] =>
        list.map(([deal, contact]) => `${String(deal)} ${String(contact)}`).toSorted();
      expect(pairs(found.map(({ deal_id, contact_id }) => [deal_id, contact_id] as const))).toEqual(
        pairs(
          view
            .crmObjects('deals')
            .flatMap(({ id }) =>
              view
                .associations('deals', id, 'contacts')
                .map(({ toId }) => [salesforceId('Opportunity', id), salesforceId('Contact', toId)] as const),
            ),
        ),
      );
      expect(found.filter((row) => row['is_primary'] === true).length).toBe(
        new Set(found.map(({ deal_id }) => deal_id)).size,
      );
    });

    test('pipeline_stages say which stages are closed and won', async () => {
      const found = (await rows('pipeline_stages', 'stage_id')).toSorted(
        (left, right) => Number(left['stage_order']) - Number(right['stage_order']),
      );
      expect(
        found.map(({ stage_id, stage_label, is_closed, is_won }) => ({ stage_id, stage_label, is_closed, is_won })),
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

    test('campaign touches are days, of the contact once the lead is converted', async () => {
      const found = await rows('campaign_touches', 'touch_id');
      expect(
        found.map(({ touch_id, contact_id, campaign_name, touched_at, is_date_only }) => [
          touch_id,
          contact_id,
          campaign_name,
          touched_at,
          is_date_only,
        ]),
      ).toEqual(
        live('CampaignMember').map((row) => [
          row['Id'],
          row['ContactId'] ?? row['LeadId'],
          row['Campaign.Name'],
          `${row['FirstRespondedDate']}T00:00:00.000000Z`,
          true,
        ]),
      );
      const converted = view
        .crmObjects('contacts')
        .filter((person) => !person.isArchived && convertedAt(view, person) !== null);
      expect(converted.length).toBeGreaterThan(0);
    });

    test('a second sync of the same moment changes nothing, by whichever API', async () => {
      for (const bulkAbove of [0, 20_000]) {
        const report = await bench.sync([connectorAt(emulator, bulkAbove)], {
          now: () => new Date(LAST),
          start: '2025-01-01',
          full: true,
        });
        expect(
          report.streams
            .filter(({ rows: { loaded, deleted, vanished } }) => loaded + deleted + vanished > 0)
            .map(({ stream, rows: counts }) => ({ stream, counts })),
        ).toEqual([]);
      }
    });
  });
}
