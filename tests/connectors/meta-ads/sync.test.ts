/** The whole way into a warehouse: the platform's figures, the feeds, and an interruption. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { metaAds } from '../../../connectors/meta-ads/index.ts';
import { startMetaAdsEmulator, type MetaAdsEmulator } from '../../../fixtures/emulators/meta-ads/index.ts';
import type { SyncReport } from '../../../src/sync/contract.ts';
import type { Row } from '../../../src/warehouse/types.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { openBench, type Bench } from '../../sync/support.ts';
import { micros, sum } from '../reading.ts';
import { NOW, optionsFor, reportsAsked, world } from './connection.ts';

const START = '2026-05-25';
const TODAY = '2026-06-15';
const LATER = '2026-07-20T12:00:00.000Z';
const ACCOUNTS = world
  .at(NOW)
  .adAccounts()
  .filter(({ platform }) => platform === 'meta-ads');

for (const engine of enginesOrOne('duckdb')) {
  describe(`on ${engine}, a sync`, () => {
    let bench: Bench;
    let emulator: MetaAdsEmulator;
    beforeEach(async () => {
      bench = await openBench(engine);
      emulator = await startMetaAdsEmulator({ world, now: () => NOW });
      emulator.setCourse([{ status: 'Job Completed', percent: 100 }]);
    });
    afterEach(async () => {
      await emulator.close();
      await bench.dispose();
    });

    const run = (select: string[] = [], now = NOW, signal = new AbortController().signal): Promise<SyncReport> =>
      bench.sync([metaAds(optionsFor(emulator))], { start: START, now: () => new Date(now), select, signal });

    /** The rows of a staging model over its raw table. */
    async function staged(model: string): Promise<Row[]> {
      const text = readFileSync(join(import.meta.dirname, '../../../models/staging/meta-ads', `${model}.sql`), 'utf8');
      return bench.query(text.replace(/\/\*[\s\S]*?\*\//, '').replace('from source', `from raw_meta_ads.${model}`));
    }

    it('loads every stream; spend and claims of the feeds are the platform’s', async () => {
      const report = await run();
      expect(report.streams.map(({ stream, status, error }) => [stream, status, error?.message])).toEqual(
        [
          'accounts',
          'campaigns',
          'ad_sets',
          'ads',
          'ad_creatives',
          'campaign_days',
          'ad_set_days',
          'ad_days',
          'action_days',
        ].map((stream) => [stream, 'ok', undefined]),
      );
      const view = world.at(NOW);
      const facts = ACCOUNTS.flatMap(({ id }) => [...view.campaignFacts(id, START, '2026-06-16')]);
      const campaigns = await staged('campaign_days');
      expect(campaigns).toHaveLength(facts.length);
      expect(sum(campaigns.map((row) => micros(row['spend'])))).toBe(sum(facts.map((fact) => fact.costMicros)));
      const adSets = await staged('ad_set_days');
      const clicks = (rows: Row[]): bigint => sum(rows.map((row) => BigInt(String(row['clicks']))));
      expect(clicks(campaigns)).toBe(sum(facts.map((fact) => BigInt(fact.clicks))));
      const adSetFacts = ACCOUNTS.flatMap(({ id }) => [...view.adGroupFacts(id, START, '2026-06-16')]);
      expect(sum(adSets.map((row) => micros(row['spend'])))).toBe(sum(adSetFacts.map((fact) => fact.costMicros)));
      expect(
        new Set(
          campaigns.map(
            (row) => `${row['platform']} ${row['campaign_type']} ${row['spend_level']}${row['segment_id']}`,
          ),
        ),
      ).toEqual(new Set(['meta_ads social campaign']));
      expect(new Set(adSets.map((row) => `${row['spend_level']} ${String(row['segment_id']).length}`))).toEqual(
        new Set(['segment 12']),
      );
      const canonical = (await staged('action_days')).filter((row) => row['is_canonical'] === true);
      expect(new Set(canonical.map((row) => `${row['action']} ${row['attribution_window']}`))).toEqual(
        new Set(['lead default']),
      );
      expect(await staged('campaigns')).toHaveLength(ACCOUNTS.flatMap(({ id }) => view.campaigns(id)).length);
      expect(await staged('ad_sets')).toHaveLength(ACCOUNTS.flatMap(({ id }) => view.adGroups(id)).length);
      expect((await staged('accounts')).map((row) => row['currency'])).toContain('JPY');
      expect(await bench.query('select * from revops.kept_values')).toEqual([]);
      expect(await bench.query('select * from revops.rejected_rows')).toEqual([]);
    });

    it('follows restatement until a day is final, and reads no day after that', async () => {
      await run(['meta-ads.campaign_days']);
      emulator.setNow(LATER);
      await run(['meta-ads.campaign_days'], LATER);
      const final = [...world.truth.spend(START, TODAY)].filter(({ accountId }) =>
        ACCOUNTS.some(({ id }) => id === accountId),
      );
      const loaded = (await staged('campaign_days')).filter((row) => String(row['spend_date']) <= TODAY);
      expect(sum(loaded.map((row) => micros(row['spend'])))).toBe(sum(final.map((row) => row.costMicros)));
      const before = reportsAsked(emulator).length;
      await run(['meta-ads.campaign_days'], LATER);
      expect(
        reportsAsked(emulator)
          .slice(before)
          .every((days) => days >= '2026-06-21'),
      ).toBe(true);
    });

    it('that was stopped while reports were made goes on with the same reports', async () => {
      const stop = new AbortController();
      emulator.setCourse([{ status: 'Job Running', percent: 10 }]);
      const stopped = run(['meta-ads.campaign_days'], NOW, stop.signal);
      while (emulator.requests.filter(({ url }) => /\/\d+$/.test(url.pathname)).length < 3)
        await new Promise((resolve) => setTimeout(resolve, 10));
      stop.abort();
      expect((await stopped).streams[0]?.status).toBe('stopped');
      const [kept] = await bench.query('select value from revops.kept_values');
      const [[days, id] = []] = Object.entries(
        (JSON.parse(String(kept?.['value'])) as { reports: Record<string, string> }).reports,
      );
      expect(reportsAsked(emulator)).toEqual([days]);

      emulator.finishReports();
      emulator.setCourse([{ status: 'Job Completed', percent: 100 }]);
      expect((await run(['meta-ads.campaign_days'])).status).toBe('ok');
      expect(reportsAsked(emulator).filter((asked) => asked === days)).toHaveLength(ACCOUNTS.length);
      expect(emulator.requests.some(({ url }) => url.pathname.endsWith(`/${id}/insights`))).toBe(true);
      expect(await bench.query('select * from revops.kept_values')).toEqual([]);
    });

    it('refuses what does not add up to the account’s own total', async () => {
      // A campaign that only the account's level knows of.
      const hidden = world.at(NOW).campaigns(ACCOUNTS[0]?.id ?? '')[0]?.id;
      const lost = {
        ...world.at(NOW),
        campaigns: (accountId: string) =>
          world
            .at(NOW)
            .campaigns(accountId)
            .map((campaign) => (campaign.id === hidden ? { ...campaign, status: 'LOST' as never } : campaign)),
      };
      const broken = await startMetaAdsEmulator({ world: { at: () => lost }, now: () => NOW });
      broken.setCourse([{ status: 'Job Completed', percent: 100 }]);
      try {
        const options = { ...optionsFor(broken), accountIds: [ACCOUNTS[0]?.id ?? ''] };
        const report = await bench.sync([metaAds(options)], {
          start: START,
          now: () => new Date(NOW),
          select: ['meta-ads.campaign_days'],
        });
        expect(report.streams[0]?.error).toMatchObject({ code: 'CONTROL_TOTAL' });
      } finally {
        await broken.close();
      }
    });
  });
}
