import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type Page, type Stream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, type Bench } from './support.ts';

const changes = (pages: () => Page[]): Stream => ({
  name: 'changes',
  description: 'History.',
  mode: 'append',
  schema: { id: column.text(), at: column.timestamp(), value: column.text() },
  primaryKey: ['id', 'at'],
  async *read() {
    yield* pages();
  },
});

const links = (pages: () => Page[]): Stream => ({
  name: 'links',
  description: 'Links.',
  mode: 'set',
  partitionBy: ['deal'],
  schema: { contact: column.text(), deal: column.bigint(), role: column.text() },
  primaryKey: ['contact', 'deal'],
  async *read() {
    yield* pages();
  },
});

const T = '2026-01-01T00:00:00Z';

for (const engine of engines) {
  describe(`append on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    it('adds what is new, keeps the first of a key and tells about other content', async () => {
      let pages: Page[] = [
        {
          records: [
            { id: 'a', at: T, value: 'first' },
            { id: 'a', at: T, value: 'second' },
          ],
        },
      ];
      await bench.sync([changes(() => pages)]);
      pages = [
        {
          records: [
            { id: 'a', at: T, value: 'third' },
            { id: 'b', at: T, value: 'x' },
          ],
        },
      ];
      const report = await bench.sync([changes(() => pages)]);
      expect(report.streams[0]?.rows).toMatchObject({ read: 2, loaded: 1, unchanged: 1 });
      expect(await bench.rows('changes')).toMatchObject([
        { id: 'a', value: 'first' },
        { id: 'b', value: 'x' },
      ]);
      expect(await bench.rows('changes__history')).toEqual([]);
      const drift = bench.events.filter((event) => event.type === 'drift');
      expect(drift).toMatchObject([
        { message: 'made-up.changes: 1 rows came again with other content; the first was kept' },
      ]);
    });

    it('refuses a source that gives deletions of history', async () => {
      const report = await bench.sync([changes(() => [{ records: [], deleted: [{ id: 'a', at: T }] }])]);
      expect(report.streams[0]?.error).toMatchObject({ code: 'STREAM_CONTRACT' });
    });
  });

  describe(`set on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    it('replaces the sets a page names, empty ones too, and no others', async () => {
      let pages: Page[] = [
        {
          records: [
            { deal: 1, contact: 'x' },
            { deal: 1, contact: 'y' },
            { deal: 2, contact: 'x' },
          ],
          replaces: [{ deal: '1' }, { deal: '2' }],
        },
        { records: [{ deal: 3, contact: 'z' }], replaces: [{ deal: '3' }] },
      ];
      await bench.sync([links(() => pages)]);
      pages = [
        {
          records: [
            { deal: 1, contact: 'y' },
            { deal: 1, contact: 'w' },
          ],
          replaces: [{ deal: '1' }, { deal: '3' }],
        },
      ];
      const report = await bench.sync([links(() => pages)]);
      expect(report.streams[0]?.rows).toEqual({
        read: 2,
        loaded: 1,
        unchanged: 1,
        rejected: 0,
        deleted: 0,
        vanished: 2,
      });
      expect(
        (await bench.rows('links')).map(({ deal, contact }) => `${String(deal)}${String(contact)}`).toSorted(),
      ).toEqual(['1w', '1y', '2x']);
      expect(
        (await bench.rows('links__history')).map(({ deal, contact }) => `${String(deal)}${String(contact)}`).toSorted(),
      ).toEqual(['1x', '3z']);
    });

    it('takes the last page about an owner as the whole set', async () => {
      const pages: Page[] = [
        {
          records: [
            { deal: 1, contact: 'x' },
            { deal: 1, contact: 'y' },
          ],
          replaces: [{ deal: '1' }],
        },
        { records: [{ deal: 1, contact: 'y', role: 'buyer' }], replaces: [{ deal: '1' }] },
      ];
      const report = await bench.sync([links(() => pages)]);
      expect(report.streams[0]?.rows).toMatchObject({ read: 3, loaded: 1, unchanged: 2 });
      expect(await bench.rows('links')).toMatchObject([{ deal: 1, contact: 'y', role: 'buyer' }]);
    });

    it('refuses an owner without a value', async () => {
      const report = await bench.sync([links(() => [{ records: [], replaces: [{ deal: '' }] }])]);
      expect(report.streams[0]?.error).toMatchObject({ code: 'STREAM_CONTRACT' });
    });
  });
}
