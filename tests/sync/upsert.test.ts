import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type Page, type Stream, type UpsertStream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import type { SyncOptions } from '../../src/sync/contract.ts';
import { connectorOf, openBench, SourceError, type Bench } from './support.ts';

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
        {
          records: [
            { id: 'a', amount: '1.50' },
            { id: 'b', amount: 2 },
          ],
          cursor: 1,
        },
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

    it('keeps the last of what comes twice, and lets the later of a record and its deletion win', async () => {
      const pages: Page[] = [
        { records: [{ id: 'a', amount: 1 }, { id: 'a', amount: 2 }, { id: 'b' }], cursor: 1 },
        { records: [{ id: 'c', amount: 7 }], deleted: [{ id: 'b' }, { id: 'never-seen' }], cursor: 2 },
        { records: [{ id: 'a', amount: 3 }], cursor: 3 },
      ];
      const report = await bench.sync([deals(() => pages)]);
      expect(report.streams[0]?.rows).toEqual({
        read: 7,
        loaded: 4,
        unchanged: 3,
        rejected: 0,
        deleted: 2,
        vanished: 0,
      });
      expect(await bench.rows('deals')).toMatchObject([
        { id: 'a', amount: '3.000000000', _deleted: false },
        { id: 'b', _deleted: true },
        { id: 'c', _deleted: false },
        { id: 'never-seen', _deleted: true },
      ]);
    });

    it('makes tombstones that keep what was known, and lets a row come back', async () => {
      let pages: Page[] = [{ records: [{ id: 'a', amount: 1 }], cursor: 1 }];
      await bench.sync([deals(() => pages)]);
      pages = [{ records: [], deleted: [{ id: 'a' }], cursor: 2 }];
      expect((await bench.sync([deals(() => pages)])).streams[0]?.rows).toMatchObject({
        read: 1,
        loaded: 1,
        deleted: 1,
      });
      expect(await bench.rows('deals')).toMatchObject([{ id: 'a', amount: '1.000000000', _deleted: true }]);
      pages = [{ records: [], deleted: [{ id: 'a' }], cursor: 3 }];
      expect((await bench.sync([deals(() => pages)])).streams[0]?.rows).toMatchObject({
        read: 1,
        unchanged: 1,
        deleted: 0,
      });
      pages = [{ records: [{ id: 'a', amount: 1 }], cursor: 4 }];
      expect((await bench.sync([deals(() => pages)])).streams[0]?.rows).toMatchObject({ read: 1, loaded: 1 });
      expect(await bench.rows('deals')).toMatchObject([{ id: 'a', _deleted: false }]);
      expect(await bench.rows('deals__history')).toHaveLength(2);
    });

    it('takes into a tombstone what only its notice tells, and nothing that was known', async () => {
      let pages: Page[] = [{ records: [{ id: 'a', amount: 1 }, { id: 'b' }], cursor: 1 }];
      await bench.sync([deals(() => pages)]);
      pages = [{ records: [], deleted: [{ id: 'a', amount: 9, tags: { into: 'b' } }, { id: 'b' }], cursor: 2 }];
      await bench.sync([deals(() => pages)]);
      expect(await bench.rows('deals')).toMatchObject([
        { id: 'a', amount: '1.000000000', tags: { into: 'b' }, _deleted: true },
        { id: 'b', amount: null, tags: null, _deleted: true },
      ]);
      expect(await bench.rows('deals__history')).toMatchObject([
        { id: 'a', tags: null, _deleted: false },
        { id: 'b', _deleted: false },
      ]);
    });

    it('buries what a snapshot does not give, of its own partition only', async () => {
      let ids = ['a', 'b', 'c'];
      const accounts = deals(() => [], {
        snapshot: true,
        schema: { id: column.text(), account: column.text() },
        partitions: async () => ['1', '2'].map((account) => ({ key: { account }, label: account })),
        async *read(_context, { partition: { key } }) {
          for (const id of ids) yield { records: [{ id: `${key['account']}${id}`, account: key['account'] }] };
        },
      });
      await bench.sync([accounts]);
      ids = ['a', 'c'];
      const report = await bench.sync([accounts]);
      expect(report.streams[0]?.rows).toEqual({
        read: 4,
        loaded: 0,
        unchanged: 4,
        rejected: 0,
        deleted: 2,
        vanished: 0,
      });
      const dead = await bench.query('select id from raw_made_up.deals where _deleted order by id');
      expect(dead).toEqual([{ id: '1b' }, { id: '2b' }]);
      expect((await bench.sync([accounts])).streams[0]?.rows).toMatchObject({ loaded: 0, unchanged: 4, deleted: 0 });
    });

    it('buries by full reads only, not by reads of what changed', async () => {
      let ids = ['a', 'b'];
      const stream = deals(() => [], {
        snapshot: true,
        fullEvery: 7,
        async *read(_context, { since }) {
          yield { records: since === null ? ids.map((id) => ({ id })) : [{ id: 'c' }], cursor: 1 };
        },
      });
      const at = (day: string): Partial<SyncOptions> => ({ now: () => new Date(`2026-03-${day}T00:00:00Z`) });
      await bench.sync([stream], at('01'));
      ids = ['a', 'c'];
      expect((await bench.sync([stream], at('02'))).streams[0]?.rows).toMatchObject({ read: 1, loaded: 1, deleted: 0 });
      expect((await bench.sync([stream], at('08'))).streams[0]?.rows).toMatchObject({
        read: 2,
        unchanged: 2,
        deleted: 1,
      });
    });

    it('buries nothing when a snapshot breaks off', async () => {
      let fails = false;
      const snapshot = deals(() => [], {
        snapshot: true,
        async *read() {
          yield { records: [{ id: 'a' }], cursor: fails ? 2 : 1 };
          if (fails) throw new SourceError('rejected');
          yield { records: [{ id: 'b' }] };
        },
        fullEvery: 0,
      });
      await bench.sync([snapshot]);
      fails = true;
      expect((await bench.sync([snapshot])).streams[0]).toMatchObject({
        status: 'failed',
        error: { code: 'REQUEST_REJECTED' },
      });
      expect(await bench.query('select count(*) as n from raw_made_up.deals where not _deleted')).toEqual([{ n: 2 }]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('reads everything again when that is due, or asked for', async () => {
      const asked: unknown[] = [];
      const stream = deals(() => [], {
        fullEvery: 7,
        async *read(_context, { since }) {
          asked.push(since);
          yield { records: [{ id: 'a' }], cursor: asked.length };
        },
      });
      const at = (day: string): Partial<SyncOptions> => ({ now: () => new Date(`2026-03-${day}T00:00:00Z`) });
      await bench.sync([stream], at('01'));
      await bench.sync([stream], at('02'));
      await bench.sync([stream], at('08'));
      await bench.sync([stream], at('09'));
      await bench.sync([stream], { ...at('09'), full: true });
      expect(asked).toEqual([null, 1, null, 3, null]);
    });

    it('checkpoints a long read, goes on from there after a failure and after a stop', async () => {
      const asked: unknown[] = [];
      const stop = new AbortController();
      const stream = deals(() => [], {
        async *read(_context, { since }) {
          asked.push(since);
          for (let next = Number(since ?? 0) + 1; next <= 10; next += 1) {
            if (next === 6 && asked.length === 1) throw new SourceError('transient');
            if (next === 9 && asked.length === 2) stop.abort();
            yield { records: [{ id: `d${next}` }, { id: `e${next}` }], cursor: next };
          }
        },
      });
      const options = { checkpoint: { rows: 4, bytes: 1e9 }, signal: stop.signal };
      const stopped = await bench.sync([stream], options);
      expect(stopped).toMatchObject({
        status: 'partial',
        streams: [{ status: 'stopped', error: { code: 'CANCELLED' }, rows: { loaded: 16 } }],
      });
      expect(bench.events.filter(({ type }) => type === 'slice_retried')).toHaveLength(1);
      expect((await bench.sync([stream])).streams[0]).toMatchObject({ status: 'ok', rows: { loaded: 4 } });
      expect(asked).toEqual([null, 5, 8]);
      expect(await bench.query('select count(*) as n, count(distinct id) as ids from raw_made_up.deals')).toEqual([
        { n: 20, ids: 20 },
      ]);
      expect(
        await bench.query(
          'select full_read_at is null as never, full_started_at is null as done from revops.stream_state',
        ),
      ).toEqual([{ never: false, done: true }]);
    });

    it('stops the streams of a connector whose quota ran out, and lets others go on', async () => {
      const out = deals(() => [], {
        async *read() {
          yield { records: [{ id: 'a' }], cursor: 1 };
          throw new SourceError('quota_exhausted');
        },
      });
      const waiting = deals(() => [{ records: [{ id: 'x' }] }], { name: 'waiting' });
      const report = await bench.sync([connectorOf([out, waiting]), connectorOf([waiting], 'other')], {
        concurrency: 1,
      });
      expect(report.status).toBe('partial');
      expect(
        report.streams.map(({ connector, stream, status, error }) => [connector, stream, status, error?.code]),
      ).toEqual([
        ['made-up', 'deals', 'stopped', 'QUOTA_EXHAUSTED'],
        ['made-up', 'waiting', 'stopped', 'QUOTA_EXHAUSTED'],
        ['other', 'waiting', 'ok', undefined],
      ]);
      expect(await bench.rows('deals')).toHaveLength(1);
    });

    it('gives up on a slice after so many tries', async () => {
      let tries = 0;
      const broken = deals(() => [], {
        async *read() {
          tries += 1;
          yield { records: [{ id: 'a' }] };
          throw new SourceError('transient');
        },
      });
      const report = await bench.sync([broken]);
      expect(report).toMatchObject({
        status: 'failed',
        streams: [{ status: 'failed', error: { code: 'SOURCE_UNAVAILABLE' } }],
      });
      expect(tries).toBe(4);
      expect(await bench.rows('deals')).toEqual([]);
    });

    it('keeps rows that do not fit aside, with the reason, and counts them', async () => {
      const report = await bench.sync([
        deals(() => [{ records: [{ id: 'a' }, { amount: 1 }, { id: 'b', amount: 'much' }], cursor: 1 }]),
      ]);
      expect(report.streams[0]?.rows).toEqual({
        read: 3,
        loaded: 1,
        unchanged: 0,
        rejected: 2,
        deleted: 0,
        vanished: 0,
      });
      const rejected = await bench.query(
        'select stream, row_number, reason, payload from revops.rejected_rows order by row_number',
      );
      expect(rejected).toMatchObject([
        { stream: 'deals', row_number: 2, reason: 'id: missing', payload: '{"amount":1}' },
        { row_number: 3, payload: '{"amount":"much","id":"b"}' },
      ]);
      expect(JSON.stringify(bench.events)).not.toContain('much');
      const [load] = await bench.query('select rows_read, rows_loaded, rows_rejected, slice, mode from revops.loads');
      expect(load).toEqual({ rows_read: 3, rows_loaded: 1, rows_rejected: 2, slice: 'everything', mode: 'upsert' });
    });

    it('keeps new fields in _extra, moves them to their column once the stream declares it, and widens whole numbers', async () => {
      const records = [{ id: 'a', count: 5, colour: 'red' }];
      const stream = (schema: Stream['schema']): Stream => deals(() => [{ records }], { schema });
      await bench.sync([stream({ id: column.text(), count: column.bigint() })]);
      expect(bench.events).toContainEqual(expect.objectContaining({ type: 'drift', fields: ['colour'] }));
      expect(await bench.rows('deals')).toMatchObject([{ id: 'a', count: 5, _extra: { colour: 'red' } }]);
      await bench.sync([stream({ id: column.text(), count: column.decimal(), colour: column.text() })]);
      expect(await bench.rows('deals')).toMatchObject([{ id: 'a', count: '5.000000000', colour: 'red', _extra: null }]);
      expect(await bench.rows('deals__history')).toMatchObject([{ id: 'a', count: '5.000000000', colour: null }]);
      const drifted = await bench.sync([stream({ id: column.text(), count: column.text() })]);
      expect(drifted.streams[0]?.error).toMatchObject({ code: 'SCHEMA_DRIFT' });
      expect(drifted.streams[0]?.error?.message).toContain(
        'column count of raw_made_up.deals is decimal(38,9), the stream declares text',
      );
      const narrower = await bench.sync([stream({ id: column.text(), count: column.bigint(), colour: column.text() })]);
      expect(narrower.streams[0]).toMatchObject({ status: 'ok', rows: { unchanged: 1 } });
    });

    it('compares ids byte by byte', async () => {
      const ids = ['a', 'A', 'á', 'a\u0301', ' a', 'a ', 'ß', 'ss', 'İ', 'i'];
      const report = await bench.sync([deals(() => [{ records: ids.map((id) => ({ id })) }])]);
      expect(report.streams[0]?.rows).toMatchObject({ read: 10, loaded: 10 });
      expect(
        (await bench.sync([deals(() => [{ records: ids.map((id) => ({ id })) }])])).streams[0]?.rows,
      ).toMatchObject({ unchanged: 10 });
    });
  });
}
