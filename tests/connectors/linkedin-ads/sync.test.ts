/** The whole way into a warehouse, on both engines: the platform's figures, the feeds, and what is refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { linkedinAds } from '../../../connectors/linkedin-ads/index.ts';
import { startLinkedinAdsEmulator, type LinkedinAdsEmulator } from '../../../fixtures/emulators/linkedin-ads/index.ts';
import { build } from '../../../src/model/index.ts';
import type { SyncReport } from '../../../src/sync/contract.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { micros, sum } from '../reading.ts';
import { HOME, NOW, optionsFor, questionsAsked, WEST, world } from './connection.ts';

const START = '2026-05-25';
const TODAY = '2026-06-15';
const LATER = '2026-07-20T12:00:00.000Z';
const ACCOUNTS = world
  .at(NOW)
  .adAccounts()
  .filter(({ platform }) => platform === 'linkedin-ads');
const STREAMS = [
  'accounts',
  'campaign_groups',
  'campaigns',
  'creatives',
  'conversion_rules',
  'campaign_group_days',
  'campaign_days',
  'creative_days',
  'conversion_days',
];

for (const engine of enginesOrOne('postgres')) {
  describe(`on ${engine}, a sync`, () => {
    let bench: Bench;
    let emulator: LinkedinAdsEmulator;
    beforeEach(async () => {
      bench = await openBench(engine);
      emulator = await startLinkedinAdsEmulator({ world, now: () => NOW });
    });
    afterEach(async () => {
      await emulator.close();
      await bench.dispose();
    });

    const run = (select: string[] = [], now = NOW, more: object = {}): Promise<SyncReport> =>
      bench.sync([linkedinAds({ ...optionsFor(emulator), ...more })], {
        start: START,
        now: () => new Date(now),
        select,
      });

    /** Builds the staging models, with their own tests. */
    async function stage(now = NOW): Promise<void> {
      const { project: all } = await shippedLibrary();
      const project = { ...all, models: all.models.filter(({ name }) => name.startsWith('linkedin_ads_')), inputs: [] };
      expect(project.models).toHaveLength(STREAMS.length);
      await build({ warehouse: bench.warehouse, project, inputs: {}, now: () => new Date(now), runId: 'run' });
    }

    const staged = (model: string): Promise<Row[]> => bench.query(`select * from staging.linkedin_ads_${model}`);

    const spendOf = (rows: Row[]): bigint => sum(rows.map((row) => micros(row['spend'])));

    it('loads every stream; spend and claims of the feeds are the platform’s, and a second run changes nothing', async () => {
      const report = await run();
      expect(report.streams.map(({ stream, status, error }) => [stream, status, error?.message])).toEqual(
        STREAMS.map((stream) => [stream, 'ok', undefined]),
      );
      await stage();
      const view = world.at(NOW);
      const facts = ACCOUNTS.flatMap(({ id }) => [...view.campaignFacts(id, START, '2026-06-16')]);
      const parts = ACCOUNTS.flatMap(({ id }) => [...view.adGroupFacts(id, START, '2026-06-16')]);
      const total = sum(facts.map((fact) => fact.costMicros));
      const groups = await staged('campaign_group_days');
      const campaigns = await staged('campaign_days');
      expect([groups.length, campaigns.length]).toEqual([facts.length, parts.length]);
      expect([groups, campaigns, await staged('creative_days')].map(spendOf)).toEqual([total, total, total]);
      for (const rows of [groups, campaigns])
        expect(sum(rows.map((row) => BigInt(String(row['clicks']))))).toBe(
          sum(facts.map((fact) => BigInt(fact.clicks))),
        );
      const perCampaign = (rows: Row[]) =>
        [...Map.groupBy(rows, (row) => String(row['campaign_id']))]
          .map(([id, of]) => `${id} ${spendOf(of)}`)
          .toSorted();
      expect(perCampaign(campaigns)).toEqual(perCampaign(groups));
      const levels = (rows: Row[]) =>
        new Set(
          rows.map(
            (row) =>
              `${row['platform']} ${row['campaign_type']} ${row['spend_level']} ${String(row['segment_id']).length}`,
          ),
        );
      expect(levels(groups)).toEqual(new Set(['linkedin_ads social campaign 0']));
      expect(levels(campaigns)).toEqual(new Set(['linkedin_ads social segment 12']));
      expect(groups.map((row) => row['campaign_id'])).toContain('9007199254740995');
      const claims = await staged('conversion_days');
      const canonical = claims.filter((row) => row['is_canonical'] === true);
      expect(new Set(canonical.map((row) => `${row['action']} ${row['attribution_window']}`))).toEqual(
        new Set(['one_click_leads default']),
      );
      expect(claims.length).toBeGreaterThan(canonical.length);
      expect(await staged('campaign_groups')).toHaveLength(ACCOUNTS.flatMap(({ id }) => view.campaigns(id)).length);
      expect(await staged('campaigns')).toHaveLength(ACCOUNTS.flatMap(({ id }) => view.adGroups(id)).length);
      expect((await staged('accounts')).map((row) => row['currency'])).toContain('JPY');
      expect((await staged('creatives')).length).toBeGreaterThan(10);
      expect(await staged('conversion_rules')).toHaveLength(4 * ACCOUNTS.length);
      expect(await bench.query('select * from revops.rejected_rows')).toEqual([]);

      const again = await run(
        STREAMS.slice(1).map((stream) => `linkedin-ads.${stream}`),
        NOW,
        { accountIds: [HOME] },
      );
      expect(again.streams.map(({ rows }) => [rows.read > 0, rows.loaded, rows.deleted, rows.vanished])).toEqual(
        STREAMS.slice(1).map(() => [true, 0, 0, 0]),
      );
    });

    it('follows restatement until a day is final, and reads no day after that', async () => {
      await run(['linkedin-ads.campaign_group_days']);
      emulator.setNow(LATER);
      await run(['linkedin-ads.campaign_group_days'], LATER);
      await stage(LATER);
      const final = [...world.truth.spend(START, TODAY)].filter(({ accountId }) =>
        ACCOUNTS.some(({ id }) => id === accountId),
      );
      const loaded = (await staged('campaign_group_days')).filter((row) => String(row['spend_date']) <= TODAY);
      expect(spendOf(loaded)).toBe(sum(final.map((row) => row.costMicros)));
      const before = questionsAsked(emulator).length;
      await run(['linkedin-ads.campaign_group_days'], LATER);
      const asked = questionsAsked(emulator).slice(before);
      expect(asked.toSorted()[0]).toMatch(/^2026-06-20\.\./);
    });

    it('whose calls of the day are used up keeps what it has, per account, and goes on from there', async () => {
      // The first account is read and compared; the second one's figures are refused.
      emulator.inject({ match: `adAnalytics.*${WEST}`, special: 'day_limit' });
      const stopped = await run(['linkedin-ads.campaign_group_days'], NOW, { accountIds: [HOME, WEST] });
      expect(stopped.streams[0]?.error).toMatchObject({ code: 'QUOTA_EXHAUSTED' });
      const view = world.at(NOW);
      const spend = (id: string) => sum([...view.campaignFacts(id, START, TODAY)].map((fact) => fact.costMicros));
      const read = async (id: string) =>
        spendOf(await bench.query(`select spend from raw_linkedin_ads.campaign_group_days where account_id = '${id}'`));
      expect([await read(HOME), await read(WEST)]).toEqual([spend(HOME), 0n]);
      const resumed = await run(['linkedin-ads.campaign_group_days'], NOW, { accountIds: [HOME, WEST] });
      expect(resumed.status).toBe('ok');
      expect([await read(HOME), await read(WEST)]).toEqual([spend(HOME), spend(WEST)]);
    });

    it('refuses what does not add up to the account’s own sum, but for the cent that rounding takes', async () => {
      const days = {
        start: START,
        now: () => new Date(LATER),
        select: STREAMS.slice(5, 7).map((name) => `linkedin-ads.${name}`),
      };
      const sync = () => bench.sync([linkedinAds({ ...optionsFor(emulator), accountIds: [HOME] })], days);
      emulator.setNow(LATER);
      emulator.setWording({ driftMicros: 20n });
      expect((await sync()).status).toBe('ok');
      await bench.query('delete from revops.intervals');
      emulator.setWording({ driftMicros: 10_000n });
      expect((await sync()).streams.map(({ stream, error }) => [stream, error?.code])).toEqual([
        ['campaign_group_days', 'CONTROL_TOTAL'],
        ['campaign_days', 'CONTROL_TOTAL'],
      ]);
    });
  });
}
