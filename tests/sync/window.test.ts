import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  column,
  type DayWindowStream,
  type SourceRecord,
  type Stream,
  type WindowSlice,
} from '../../src/connector/index.ts';
import { findGaps, sourceCoverage } from '../../src/sync/index.ts';
import { addDays } from '../../src/sync/days.ts';
import { engines } from '../support/warehouses.ts';
import { connectorOf, openBench, SourceError, type Bench } from './support.ts';

interface Source {
  rows: SourceRecord[];
  /** Slices asked for. */
  asked: string[];
}

function spend(source: Source, more: Partial<DayWindowStream<unknown>> = {}): Stream {
  return {
    name: 'spend',
    description: 'Spend.',
    mode: 'window',
    day: 'day',
    restates: 3,
    sliceDays: 7,
    schema: {
      account: column.text(),
      day: column.date(),
      campaign: column.text(),
      cost: column.decimal(),
      share: column.double(),
    },
    primaryKey: ['account', 'campaign', 'day'],
    partitions: async () => [{ key: { account: '1' }, label: 'One', timeZone: 'Europe/Berlin' }],
    async *read(_context: unknown, { partition, from, to }: WindowSlice) {
      source.asked.push(`${partition.key['account']} ${from}..${to}`);
      yield {
        records: source.rows.filter(
          ({ account, day }) => account === partition.key['account'] && String(day) >= from && String(day) <= to,
        ),
      };
    },
    ...more,
  };
}

function days(from: string, count: number, perDay: number, account = '1'): SourceRecord[] {
  return Array.from({ length: count * perDay }, (_, index) => ({
    account,
    day: addDays(from, Math.floor(index / perDay)),
    campaign: `c${index % perDay}`,
    cost: '0.1',
    share: 0.1,
  }));
}

const at = (instant: string): { now: () => Date } => ({ now: () => new Date(instant) });

for (const engine of engines) {
  describe(`window on ${engine}`, () => {
    let bench: Bench;
    let source: Source;
    beforeEach(async () => {
      bench = await openBench(engine);
      source = { rows: days('2026-03-01', 20, 2), asked: [] };
    });
    afterEach(() => bench.dispose());

    it('dates what a row reports: by its own first load, whatever else of it changes, and so in the history', async () => {
      const reports = (): Stream => spend(source, { reported: ['cost'] });
      const told = async (table: string): Promise<string[]> =>
        (
          await bench.query(`select campaign, cast(cost as text) as cost, cast(share as text) as share,
          cast(_as_of as timestamptz) as as_of from raw_made_up.${table} order by campaign`)
        ).map(
          ({ campaign, cost, share, as_of: asOf }) =>
            `${String(campaign)} ${Number(cost)} ${Number(share)} ${String(asOf).slice(0, 10)}`,
        );
      source.rows = days('2026-03-02', 1, 3);
      await bench.sync([reports()], at('2026-03-03T12:00:00Z'));
      source.rows = [{ ...source.rows[0], share: 0.9 }, { ...source.rows[1], cost: '0.3' }, ...source.rows.slice(2)];
      await bench.sync([reports()], at('2026-03-05T12:00:00Z'));
      expect(await told('spend')).toEqual(['c0 0.1 0.9 2026-03-03', 'c1 0.3 0.1 2026-03-05', 'c2 0.1 0.1 2026-03-03']);
      expect(await told('spend__history')).toEqual(['c0 0.1 0.1 2026-03-03', 'c1 0.1 0.1 2026-03-03']);
    });

    it('loads missing days, then only the days that were not final, and fills a gap by itself', async () => {
      await bench.sync([spend(source)], at('2026-03-10T12:00:00Z'));
      expect(source.asked).toEqual(['1 2026-03-01..2026-03-07', '1 2026-03-08..2026-03-10']);
      source.asked = [];
      await bench.sync([spend(source)], at('2026-03-15T12:00:00Z'));
      expect(source.asked).toEqual(['1 2026-03-07..2026-03-13', '1 2026-03-14..2026-03-15']);
      const gapOptions = { session: bench.warehouse, connectors: [connectorOf([spend(source)])], start: '2026-02-27' };
      expect(await findGaps({ ...gapOptions, now: new Date('2026-03-17T12:00:00Z') })).toEqual([
        {
          connector: 'made-up',
          stream: 'spend',
          partition: { account: '1' },
          from: '2026-02-27',
          to: '2026-02-28',
          reason: 'never_loaded',
        },
        {
          connector: 'made-up',
          stream: 'spend',
          partition: { account: '1' },
          from: '2026-03-16',
          to: '2026-03-17',
          reason: 'never_loaded',
        },
        {
          connector: 'made-up',
          stream: 'spend',
          partition: { account: '1' },
          from: '2026-03-12',
          to: '2026-03-15',
          reason: 'not_final',
        },
      ]);
      expect(await sourceCoverage(bench.warehouse)).toEqual([
        {
          connector: 'made-up',
          stream: 'spend',
          partition_key: '{"account":"1"}',
          account_id: '1',
          time_zone: 'Europe/Berlin',
          covered_from: '2026-03-01',
          covered_to: '2026-03-14',
          final_to: '2026-03-11',
          covered_until: '2026-03-14T23:00:00.000Z',
        },
      ]);
    });

    it('replaces restated days, moves vanished rows to the history and touches nothing that is the same', async () => {
      await bench.sync([spend(source)], at('2026-03-10T12:00:00Z'));
      const restated = source.rows.find(({ day, campaign }) => day === '2026-03-09' && campaign === 'c0')!;
      source.rows = source.rows.filter(({ day, campaign }) => !(day === '2026-03-10' && campaign === 'c1'));
      source.rows = source.rows.map((row) => (row === restated ? { ...row, cost: '0.2' } : row));
      const { streams } = await bench.sync([spend(source)], at('2026-03-10T13:00:00Z'));
      // 7 to 10 March; the 6th was over, and 3 days more.
      expect(streams[0]?.rows).toEqual({ read: 7, loaded: 1, unchanged: 6, rejected: 0, deleted: 0, vanished: 1 });
      const past = await bench.query('select campaign, day, cost from raw_made_up.spend__history order by day');
      expect(past).toEqual([
        { campaign: 'c0', day: '2026-03-09', cost: '0.100000000' },
        { campaign: 'c1', day: '2026-03-10', cost: '0.100000000' },
      ]);
      expect(await bench.query('select count(*) as n, sum(cost) as cost from raw_made_up.spend')).toEqual([
        { n: 19, cost: '2.000000000' },
      ]);
    });

    it('refuses to shrink a slice to nothing or by half, keeps the old rows and goes on with other slices', async () => {
      source.rows = days('2026-03-01', 10, 5);
      const restating = spend(source, { restates: 30 });
      await bench.sync([restating], at('2026-03-10T12:00:00Z'));
      const whole = source.rows;
      source.rows = [...whole.filter(({ day }) => String(day) > '2026-03-04'), ...days('2026-03-10', 1, 9)];
      const report = await bench.sync([restating], at('2026-03-10T13:00:00Z'));
      expect(report).toMatchObject({
        status: 'failed',
        streams: [{ status: 'failed', error: { code: 'SHRINK_REFUSED' } }],
      });
      expect(report.streams[0]?.error?.message).toContain(
        'made-up.spend, One 2026-03-01..2026-03-07: it had 35 rows and would have 15',
      );
      expect(await bench.query(`select count(*) as n from raw_made_up.spend where day <= '2026-03-07'`)).toEqual([
        { n: 35 },
      ]);
      expect(await bench.query(`select count(*) as n from raw_made_up.spend where day > '2026-03-07'`)).toEqual([
        { n: 19 },
      ]);
      expect(await bench.spooled()).toEqual([]);

      source.rows = [];
      expect((await bench.sync([restating], at('2026-03-10T13:00:00Z'))).status).toBe('failed');
      const allowed = await bench.sync([restating], { ...at('2026-03-10T13:00:00Z'), allowShrink: true });
      expect(allowed).toMatchObject({ status: 'ok', streams: [{ rows: { vanished: 54 } }] });
    });

    it("refuses what does not add up to the platform's own totals, after having read it once more", async () => {
      let total = '99';
      const controlled = spend(source, { controlTotals: async () => ({ cost: total, share: total }) });
      const refused = await bench.sync([controlled], at('2026-03-03T12:00:00Z'));
      expect(refused.streams[0]?.error?.code).toBe('CONTROL_TOTAL');
      expect(source.asked).toHaveLength(2);
      expect(await bench.query('select count(*) as n from raw_made_up.spend')).toEqual([{ n: 0 }]);
      expect(await bench.query('select count(*) as n from revops.intervals')).toEqual([{ n: 0 }]);
      total = '0.2';
      expect((await bench.sync([controlled], at('2026-03-03T12:00:00Z'))).status).toBe('ok');
      total = '0.200000001';
      expect(
        (
          await bench.sync(
            [spend(source, { controlTotals: async () => ({ cost: total }) })],
            at('2026-03-03T12:30:00Z'),
          )
        ).status,
      ).toBe('failed');
    });

    it("takes the platform's own rounding into account where the stream names how much it may be", async () => {
      let total = '0.25';
      const controlled = spend(source, {
        controlTotals: async () => ({ cost: total, share: total }),
        controlTolerance: { cost: '0.05', share: '0.06' },
      });
      expect((await bench.sync([controlled], at('2026-03-03T12:00:00Z'))).status).toBe('ok');
      total = '0.250000001';
      expect((await bench.sync([controlled], at('2026-03-03T12:30:00Z'))).streams[0]?.error?.message).toMatch(
        /cost sums to 0.200000000, the platform says 0.250000001/,
      );
    });

    it('asks for totals of the days that are settled only, and compares these, where the slice ends with the running day', async () => {
      source.rows = days('2026-03-01', 5, 2);
      const asked: string[] = [];
      const controlled = spend(source, {
        restates: 10,
        controlTotals: async (_context, { from, to }) => {
          asked.push(`${from}..${to}`);
          return { cost: '0.6' };
        },
      });
      // Two rows of 0.1 a day: three days are settled, the running day and the one before it are not.
      expect((await bench.sync([controlled], at('2026-03-05T12:00:00Z'))).status).toBe('ok');
      source.rows = source.rows.slice(1);
      const refused = await bench.sync([controlled], at('2026-03-05T13:00:00Z'));
      expect(refused.streams[0]?.error?.code).toBe('CONTROL_TOTAL');
      expect(new Set(asked)).toEqual(new Set(['2026-03-01..2026-03-03']));
      expect(await bench.query('select count(*) as n from raw_made_up.spend')).toEqual([{ n: 10 }]);
    });

    it('asks for no total of a running day and the one before it alone', async () => {
      const controlled = spend(source, { controlTotals: async () => ({ cost: '99' }) });
      expect((await bench.sync([controlled], at('2026-03-02T12:00:00Z'))).status).toBe('ok');
    });

    it('moves a row whose day changed, where the day is not part of the key', async () => {
      const keyed = spend(source, { primaryKey: ['campaign'] });
      source.rows = [{ account: '1', day: '2026-03-02', campaign: 'x', cost: 1 }];
      await bench.sync([keyed], at('2026-03-10T12:00:00Z'));
      source.rows = [{ account: '1', day: '2026-03-09', campaign: 'x', cost: 1 }];
      // The day it was on is final and not read again.
      await bench.sync([keyed], at('2026-03-10T13:00:00Z'));
      expect(await bench.rows('spend')).toMatchObject([{ campaign: 'x', day: '2026-03-09' }]);
    });

    it('goes on with other accounts when one of them fails, and rejects rows outside of the slice', async () => {
      source.rows = [...days('2026-03-01', 2, 1, '1'), ...days('2026-03-01', 2, 1, '2')];
      const two = spend(source, {
        partitions: async () => ['1', '2'].map((account) => ({ key: { account }, label: account, timeZone: 'UTC' })),
        async *read(_context, { partition, from }) {
          if (partition.key['account'] === '1') throw new SourceError('auth');
          yield {
            records: [
              ...days('2026-03-01', 1, 1, '2'),
              { account: '2', day: addDays(from, -1), campaign: 'c', cost: 1 },
            ],
          };
        },
      });
      const report = await bench.sync([two], at('2026-03-02T12:00:00Z'));
      expect(report.streams[0]).toMatchObject({
        status: 'failed',
        error: { code: 'AUTH_FAILED' },
        rows: { read: 2, loaded: 1, rejected: 1 },
      });
      expect(await bench.query('select reason from revops.rejected_rows')).toEqual([
        { reason: 'day: outside the days asked for' },
      ]);
      expect(
        await findGaps({
          session: bench.warehouse,
          connectors: [connectorOf([two])],
          start: '2026-03-01',
          now: new Date('2026-03-02T12:00:00Z'),
        }),
      ).toMatchObject([
        { partition: { account: '1' }, reason: 'never_loaded', to: '2026-03-02' },
        { partition: { account: '2' }, reason: 'not_final' },
      ]);
    });
  });
}
