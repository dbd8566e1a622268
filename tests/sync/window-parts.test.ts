import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type DayWindowStream, type Page, type Stream, type WindowSlice } from '../../src/connector/index.ts';
import type { Warehouse } from '../../src/warehouse/contract.ts';
import { addDays } from '../../src/sync/days.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, SourceError, type Bench } from './support.ts';

/** Four rows a day, a day a page, each day said to be whole. */
function spend(read: (day: string) => Page | Error, more: Partial<DayWindowStream<unknown>> = {}): Stream {
  return {
    name: 'spend',
    description: 'Spend.',
    mode: 'window',
    day: 'day',
    restates: 3,
    sliceDays: 10,
    schema: { account: column.text(), day: column.date(), campaign: column.text(), cost: column.bigint() },
    primaryKey: ['account', 'campaign', 'day'],
    partitions: async () => [{ key: { account: '1' }, label: 'One', timeZone: 'UTC' }],
    async *read(_context: unknown, { from, to }: WindowSlice) {
      for (let day = from; day <= to; day = addDays(day, 1)) {
        const page = read(day);
        if (page instanceof Error) throw page;
        yield page;
        yield { records: [], through: day };
      }
    },
    ...more,
  };
}

const rows = (day: string, cost = 1): Page => ({
  records: [1, 2, 3, 4].map((campaign) => ({ account: '1', day, campaign: `c${campaign}`, cost })),
});
const OPTIONS = { now: () => new Date('2026-03-10T12:00:00Z'), checkpoint: { rows: 10, bytes: 1_000_000 } };

for (const engine of engines) {
  describe(`A large slice on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    const loads = async (): Promise<string[]> =>
      (await bench.query(`select slice from revops.loads order by load_number`)).map(({ slice }) => String(slice));

    it('lands in parts of whole days, each with its days and its own control total', async () => {
      const asked: string[] = [];
      const controlTotals = async (_: unknown, { from, to }: WindowSlice): Promise<Record<string, string>> => {
        asked.push(`${from.slice(8)}..${to.slice(8)}`);
        return { cost: String(4 * (Number(to.slice(8)) - Number(from.slice(8)) + 1)) };
      };
      const report = await bench.sync([spend((day) => rows(day), { controlTotals })], OPTIONS);
      expect(report.status).toBe('ok');
      // The tenth is the running day.
      expect(asked).toEqual(['01..03', '04..06', '07..09']);
      expect(await loads()).toEqual([...asked, '10..10'].map((part) => expect.stringContaining(part.slice(0, 2))));
      expect(await bench.rows('spend')).toHaveLength(40);
      const known = await bench.query(`select cast(sum(row_count) as bigint) as rows from revops.intervals`);
      expect(known).toEqual([{ rows: 40 }]);
    });

    it('goes on after its last whole day when a read fails, and reads nothing of it twice', async () => {
      const read: string[] = [];
      let failures = 2;
      const stream = spend((day) => {
        read.push(day.slice(8));
        if (day !== '2026-03-05' || failures === 0) return rows(day);
        failures -= 1;
        return new SourceError('transient');
      });
      expect((await bench.sync([stream], OPTIONS)).status).toBe('ok');
      expect(read.join(' ')).toBe('01 02 03 04 05 05 05 06 07 08 09 10');
      expect(await bench.rows('spend')).toHaveLength(40);
    });

    it('keeps the days that are whole when the quota ends, and the next run reads the rest', async () => {
      const stream = spend((day) => (day === '2026-03-08' ? new SourceError('quota_exhausted') : rows(day)));
      expect((await bench.sync([stream], OPTIONS)).status).not.toBe('ok');
      expect(await bench.rows('spend')).toHaveLength(28);
      const read: string[] = [];
      await bench.sync([spend((day) => (read.push(day.slice(8)), rows(day)))], {
        ...OPTIONS,
        now: () => new Date('2026-03-10T13:00:00Z'),
      });
      // The seventh is restated by now.
      expect(read.join(' ')).toBe('07 08 09 10');
      expect(await bench.rows('spend')).toHaveLength(40);
    });

    it('keeps no day of which only a part was read, or of which the total cannot be had any more', async () => {
      const half = spend(rows, {
        async *read(_: unknown, { from }: WindowSlice) {
          yield { ...rows(from), through: from };
          yield rows(addDays(from, 1));
          throw new SourceError('quota_exhausted');
        },
      });
      expect((await bench.sync([half], OPTIONS)).streams[0]?.error?.code).toBe('QUOTA_EXHAUSTED');
      expect(await bench.rows('spend')).toEqual([]);
      const controlTotals = (): Promise<never> => Promise.reject(new SourceError('quota_exhausted'));
      const ended = spend((day) => (day === '2026-03-03' ? new SourceError('quota_exhausted') : rows(day)), {
        controlTotals,
      });
      expect((await bench.sync([ended], OPTIONS)).streams[0]?.error?.code).toBe('QUOTA_EXHAUSTED');
      expect(await bench.rows('spend')).toEqual([]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('was asked for at one time: a day that was not over then is not final, though its part began after it', async () => {
      let time = '2026-03-10T23:59:00Z';
      const stream = spend((day) => {
        if (day === '2026-03-09') time = '2026-03-11T00:01:00Z';
        return rows(day);
      });
      const options = { ...OPTIONS, now: () => new Date(time) };
      await bench.sync([{ ...stream, restates: 0 } as Stream], options);
      const read: string[] = [];
      const again = spend((day) => (read.push(day.slice(5)), rows(day)), { restates: 0 });
      await bench.sync([again], options);
      expect(read).toEqual(['03-10', '03-11']);
    });

    it('is refused where a day said to be whole goes on after it', async () => {
      const stream = spend((day) => rows(day === '2026-03-02' ? '2026-03-05' : day));
      const report = await bench.sync([stream], OPTIONS);
      expect(report.streams[0]).toMatchObject({ status: 'failed', error: { code: 'STREAM_CONTRACT' } });
      expect(String(report.streams[0]?.error?.message)).toContain('a row of 2026-03-05 among those of 2026-03-01');
      expect(await bench.rows('spend')).toEqual([]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('may come in more parts than before where one did not match its control total and is read again', async () => {
      const perDay = new Map<string, number>();
      const read = (day: string): Page => {
        // Of the second part, the platform tells twice as many rows from the second reading on.
        const isLater = perDay.has(day) && day >= '2026-03-04' && day <= '2026-03-06';
        const { records } = rows(day);
        const more = records.map((record) => ({ ...record, campaign: `more ${String(record['campaign'])}` }));
        const page = { records: isLater ? [...records, ...more] : records };
        perDay.set(day, page.records.length);
        return page;
      };
      const controlTotals = async (_: unknown, { from, to }: WindowSlice): Promise<Record<string, string>> => {
        let total = 0;
        for (let day = from; day <= to; day = addDays(day, 1))
          total += day >= '2026-03-04' && day <= '2026-03-06' ? 8 : 4;
        return { cost: String(total) };
      };
      const report = await bench.sync([spend(read, { controlTotals })], OPTIONS);
      expect(report.status).toBe('ok');
      expect(bench.events.filter(({ type }) => type === 'slice_retried')).toHaveLength(1);
      expect((await loads()).map((slice) => slice.slice(-2))).toEqual(['03', '05', '06', '09', '10']);
      expect(await bench.rows('spend')).toHaveLength(7 * 4 + 3 * 8);
    });

    it('is loaded sparing memory, from the first part to the last', async () => {
      let isSparing = false;
      const seen: [string, boolean][] = [];
      const warehouse: Warehouse = {
        ...bench.warehouse,
        sparing: (work) => {
          isSparing = true;
          return bench.warehouse.sparing(work).finally(() => (isSparing = false));
        },
      };
      const onStep = async (step: string): Promise<void> => void seen.push([step, isSparing]);
      await bench.sync([spend((day) => rows(day))], { ...OPTIONS, warehouse, onStep });
      expect(seen.filter(([step]) => step === 'load_committed')).toEqual(
        Array.from({ length: 4 }, () => ['load_committed', true]),
      );
      expect(isSparing).toBe(false);
    });

    it('is replaced part by part: the same rows again change nothing', async () => {
      await bench.sync([spend((day) => rows(day))], OPTIONS);
      const before = await bench.query('select * from raw_made_up.spend order by day, campaign');
      const report = await bench.sync([spend((day) => rows(day))], {
        ...OPTIONS,
        now: () => new Date('2026-03-10T15:00:00Z'),
      });
      expect(report.status).toBe('ok');
      expect(await bench.query('select * from raw_made_up.spend order by day, campaign')).toEqual(before);
      expect(await bench.query('select * from raw_made_up.spend__history')).toEqual([]);
    });
  });
}
