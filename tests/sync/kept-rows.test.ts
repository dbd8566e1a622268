import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type SourceRecord, type Stream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, type Bench } from './support.ts';

const schema = { id: column.text(), number: column.bigint(), day: column.date(), value: column.bigint() };
const common = { name: 'rows', description: 'Rows.', schema, primaryKey: ['number', 'id'] };

const snapshot = (records: SourceRecord[], more: Partial<Stream> = {}): Stream =>
  ({
    ...common,
    mode: 'upsert',
    snapshot: true,
    async *read() {
      yield { records };
    },
    ...more,
  }) as Stream;

const row = (id: string, value: unknown = 1): SourceRecord => ({ id, number: 7, day: '2026-03-20', value });

for (const engine of engines) {
  describe(`what is known on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    const living = async (): Promise<unknown[]> =>
      (await bench.query('select id, value from raw_made_up.rows where not _deleted order by id')).map((found) =>
        Object.values(found),
      );

    it('stays where a full read gives a row that does not fit: it is not deleted', async () => {
      await bench.sync([snapshot([row('a'), row('b,"'), row('c')])]);
      const report = await bench.sync([snapshot([row('a'), row('b,"', 'much'), { value: 'x' }])]);
      expect(report.streams[0]?.rows).toMatchObject({ unchanged: 1, rejected: 2, deleted: 1 });
      expect(await living()).toEqual([
        ['a', 1],
        ['b,"', 1],
      ]);
      expect(await bench.query('select row_number from revops.rejected_rows order by row_number')).toEqual([
        { row_number: 2 },
        { row_number: 3 },
      ]);
    });

    it('stays where a day or a set gives a row that does not fit', async () => {
      const days = (records: SourceRecord[]): Stream => ({
        ...common,
        mode: 'window',
        day: 'day',
        restates: 1,
        sliceDays: 1,
        async *read() {
          yield { records };
        },
      });
      const sets = (records: SourceRecord[]): Stream => ({
        ...common,
        mode: 'set',
        partitionBy: ['number'],
        async *read() {
          yield { records, replaces: [{ number: '7' }], cursor: String(records[0]?.['value']) };
        },
      });
      for (const stream of [days, sets]) {
        await bench.sync([stream([row('a'), row('b'), row('c')])], { start: '2026-03-20', full: true });
        await bench.sync([stream([row('a', 2), row('b', 'much')])], { start: '2026-03-20' });
        expect(await living()).toEqual([
          ['a', 2],
          ['b', 1],
        ]);
      }
    });

    it('stays where a full read would bury more than half of it, unless that is allowed', async () => {
      const many = (count: number): SourceRecord[] => Array.from({ length: count }, (_, index) => row(`r${index}`));
      await bench.sync([snapshot(many(40))]);
      for (const count of [19, 0]) {
        const report = await bench.sync([snapshot(many(count))]);
        expect(report.streams[0]).toMatchObject({ status: 'failed', error: { code: 'SHRINK_REFUSED' } });
        expect(report.streams[0]?.error?.message).toContain(`it had 40 rows and would have ${count} of them`);
        expect(await living()).toHaveLength(40);
        expect(await bench.spooled()).toEqual([]);
      }
      expect((await bench.sync([snapshot(many(20))])).streams[0]?.rows).toMatchObject({ deleted: 20 });
      expect((await bench.sync([snapshot([])], { allowShrink: true })).streams[0]?.rows).toMatchObject({ deleted: 20 });
      await bench.sync([snapshot(many(19))]);
      expect((await bench.sync([snapshot([])])).streams[0]?.rows).toMatchObject({ deleted: 19 });
    });

    it('is not buried by the snapshot of another account: the account has to be a column', async () => {
      const accounts = snapshot([row('a')], {
        partitions: async () => ['1', '2'].map((account) => ({ key: { account }, label: account })),
      });
      const report = await bench.sync([accounts]);
      expect(report.streams[0]?.error).toMatchObject({
        code: 'STREAM_CONTRACT',
        message: 'made-up.rows: partition column account is not in the schema',
      });
    });
  });
}
