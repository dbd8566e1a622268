import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  column,
  type ChangesSlice,
  type DayWindowStream,
  type Page,
  type Stream,
  type WindowSlice,
} from '../../src/connector/index.ts';
import { RevopsError } from '../../src/errors.ts';
import { addDays } from '../../src/sync/days.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, type Bench } from './support.ts';

/** A run that has had enough once it was told so; what was read by then, in order. */
function budget() {
  const controller = new AbortController();
  const read: string[] = [];
  return {
    read,
    enough: controller.signal,
    end: () => controller.abort(new RevopsError('TIME_BUDGET', 'the time budget is used up')),
  };
}

function spend(name: string, onDay: (day: string) => void, more: Partial<DayWindowStream<unknown>> = {}): Stream {
  return {
    name,
    description: 'Spend.',
    mode: 'window',
    day: 'day',
    restates: 0,
    sliceDays: 2,
    schema: { account: column.text(), day: column.date(), cost: column.bigint() },
    primaryKey: ['account', 'day'],
    partitions: async () => [
      { key: { account: '1' }, label: 'One', timeZone: 'UTC' },
      { key: { account: '2' }, label: 'Two', timeZone: 'UTC' },
    ],
    async *read(_context: unknown, { partition, from, to }: WindowSlice) {
      for (let day = from; day <= to; day = addDays(day, 1)) {
        onDay(`${name} ${partition.key['account']} ${day.slice(8)}`);
        yield { records: [{ ...partition.key, day, cost: 1 }], through: day };
      }
    },
    ...more,
  };
}

function deals(onPage: (page: number) => void): Stream {
  return {
    name: 'deals',
    description: 'Deals.',
    mode: 'upsert',
    schema: { id: column.bigint(), amount: column.bigint() },
    primaryKey: ['id'],
    async *read(_context: unknown, { since }: ChangesSlice): AsyncGenerator<Page> {
      for (let page = since === null ? 1 : Number(since) + 1; page <= 4; page += 1) {
        onPage(page);
        yield { records: [{ id: page, amount: page }], cursor: page };
      }
    },
  };
}

const AT = { now: () => new Date('2026-03-05T12:00:00Z'), concurrency: 1 };

for (const engine of engines) {
  describe(`A sync that has had enough, on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    it('finishes the slice under way, begins no other, and the next run reads the rest once', async () => {
      const { read, enough, end } = budget();
      const stream = spend('spend', (day) => {
        read.push(day);
        if (day === 'spend 1 01') end();
      });
      const { status, streams } = await bench.sync([stream], { ...AT, enough });
      expect(read).toEqual(['spend 1 01', 'spend 1 02']);
      expect(status).toBe('partial');
      expect(streams).toMatchObject([{ status: 'stopped', loads: 1, error: { code: 'TIME_BUDGET' } }]);
      expect(await bench.rows('spend')).toHaveLength(2);
      const after: string[] = [];
      expect((await bench.sync([spend('spend', (day) => after.push(day))], AT)).status).toBe('ok');
      expect(after).toEqual(
        ['1 03', '1 04', '1 05', '2 01', '2 02', '2 03', '2 04', '2 05'].map((day) => `spend ${day}`),
      );
      expect(await bench.rows('spend')).toHaveLength(10);
    });

    it('keeps the parts of a large slice that are whole', async () => {
      const { read, enough, end } = budget();
      const stream = spend(
        'spend',
        (day) => {
          read.push(day);
          if (day === 'spend 1 02') end();
        },
        { sliceDays: 30 },
      );
      await bench.sync([stream], { ...AT, enough, checkpoint: { rows: 1, bytes: 1_000_000 } });
      expect(read).toEqual(['spend 1 01', 'spend 1 02']);
      expect(await bench.rows('spend')).toHaveLength(2);
    });

    it('stops reading changes at the next checkpoint and goes on from its cursor', async () => {
      const { enough, end } = budget();
      const pages: number[] = [];
      const stream = deals((page) => {
        pages.push(page);
        if (page === 2) end();
      });
      const first = await bench.sync([stream], { ...AT, enough, checkpoint: { rows: 2, bytes: 1_000_000 } });
      expect(first.streams).toMatchObject([{ status: 'stopped', rows: { loaded: 2 } }]);
      expect((await bench.sync([stream], AT)).status).toBe('ok');
      expect(pages).toEqual([1, 2, 3, 4]);
      expect(await bench.rows('deals')).toHaveLength(4);
    });

    it('lets the stream that waits longest go first in the next run, and reports in the order of the config', async () => {
      const streams = (onDay: (day: string) => void): Stream[] => ['a', 'b', 'c'].map((name) => spend(name, onDay));
      const { enough, end } = budget();
      await bench.sync(
        streams(() => end()),
        { ...AT, enough },
      );
      const later = budget();
      const { streams: reports } = await bench.sync(
        streams((day) => {
          later.read.push(day);
          if (day === 'c 1 01') later.end();
        }),
        { ...AT, enough: later.enough },
      );
      expect(later.read.findIndex((day) => day.startsWith('b'))).toBe(0);
      expect(later.read.some((day) => day.startsWith('a'))).toBe(false);
      expect(reports.map(({ stream, status }) => `${stream} ${status}`)).toEqual(['a stopped', 'b ok', 'c stopped']);
    });

    it('begins no stream at all where there was no time', async () => {
      const { read, enough, end } = budget();
      end();
      const { status } = await bench.sync([spend('spend', (day) => read.push(day))], { ...AT, enough });
      expect([status, read]).toEqual(['partial', []]);
    });
  });
}
