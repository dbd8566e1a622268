import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type Page, type Stream, type UpsertStream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, type Bench } from './support.ts';

function deals(pages: () => Page[], more: Partial<UpsertStream<unknown>> = {}): Stream {
  return {
    name: 'deals',
    description: 'Deals.',
    mode: 'upsert',
    schema: { id: column.text(), amount: column.decimal(), closed_at: column.timestamp(), tags: column.json() },
    primaryKey: ['id'],
    async *read(_context, { since }) {
      for (const page of pages()) if (since === null || Number(page.cursor ?? 0) > Number(since)) yield page;
    },
    ...more,
  };
}

for (const engine of engines) {
  describe(`upsert on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    it('inserts, updates what differs and leaves the rest alone', async () => {
      let pages: Page[] = [
        { records: [{ id: 'a', amount: '1.50' }, { id: 'b', amount: 2 }], cursor: 1 },
        { records: [{ id: 'c', tags: { y: [1], x: 'q"uo\nte' }, closed_at: '2026-01-01T10:00:00+02:00' }], cursor: 2 },
      ];
      const first = await bench.sync([deals(() => pages)]);
      expect(first.streams[0]).toMatchObject({ status: 'ok', rows: { read: 3, loaded: 3, unchanged: 0, rejected: 0 } });
      expect(await bench.rows('deals')).toMatchObject([
        { id: 'a', amount: '1.500000000', _deleted: false, _extra: null },
        { id: 'b', amount: '2.000000000', closed_at: null },
        { id: 'c', tags: { x: 'q"uo\nte', y: [1] }, closed_at: '2026-01-01T08:00:00.000000Z' },
      ]);
      const loadIds = 'select id, _load_id from raw_made_up.deals order by id';
      const before = await bench.query(loadIds);

      pages = [{ records: [{ id: 'a', amount: '1.5' }, { id: 'b', amount: 3 }, { id: 'd' }], cursor: 3 }];
      const second = await bench.sync([deals(() => pages)]);
      expect(second.streams[0]?.rows).toMatchObject({ read: 3, loaded: 2, unchanged: 1 });
      const after = await bench.query(loadIds);
      expect(after.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
      expect(after[0]).toEqual(before[0]);
      expect(after[2]).toEqual(before[2]);
      expect(after[1]?.['_load_id']).not.toEqual(before[1]?.['_load_id']);
      expect(await bench.rows('deals__history')).toMatchObject([{ id: 'b', amount: '2.000000000' }]);
      expect(await bench.spooled()).toEqual([]);
    });
  });
}
