import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type Stream } from '../../src/connector/index.ts';
import { sync } from '../../src/sync/sync.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, syncOptions, type Bench } from './support.ts';

const items = (values: () => number[], more: Partial<Stream> = {}): Stream =>
  ({
    name: 'items',
    description: 'Items.',
    mode: 'upsert',
    schema: { id: column.text(), value: column.bigint() },
    primaryKey: ['id'],
    async *read(_context: unknown, { since }: { since: unknown }) {
      yield { records: values().map((value, id) => ({ id, value })), cursor: Number(since ?? 0) + 1 };
    },
    ...more,
  }) as Stream;

for (const engine of engines) {
  describe(`recovery on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    /** Leaves a finished spool behind that was not loaded. */
    async function leaveSpool(stream: Stream): Promise<void> {
      const report = await bench.sync([stream], {
        onStep(step) {
          if (step === 'load_begun') throw new Error('the warehouse is gone');
        },
      });
      expect(report.status).toBe('failed');
      expect(await bench.spooled()).toHaveLength(2);
    }

    it('loads a spool that was finished but not loaded, without asking the source again for it', async () => {
      await leaveSpool(items(() => [1, 2]));
      bench.events.length = 0;
      await bench.sync([items(() => [], { async *read() {} })]);
      expect(bench.events.filter(({ type }) => type === 'recovered')).toMatchObject([{ outcome: 'loaded' }]);
      expect(await bench.rows('items')).toMatchObject([
        { id: '0', value: 1 },
        { id: '1', value: 2 },
      ]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('drops a spool once the warehouse has moved on without it', async () => {
      await leaveSpool(items(() => [1]));
      // Another machine, with a spool of its own.
      const elsewhere = await mkdtemp(join(tmpdir(), 'revops-spool-'));
      await sync(syncOptions(bench.warehouse, elsewhere, [items(() => [2])]));
      await rm(elsewhere, { recursive: true });
      await bench.sync([items(() => [3])]);
      expect(bench.events.filter(({ type }) => type === 'recovered')).toMatchObject([{ outcome: 'outdated' }]);
      expect(await bench.rows('items')).toMatchObject([{ value: 3 }]);
      expect(await bench.rows('items__history')).toMatchObject([{ value: 2 }]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('drops a spool of a stream that is declared differently now, or no more', async () => {
      await leaveSpool(items(() => [1]));
      await bench.sync([items(() => [1], { schema: { id: column.text(), value: column.decimal() } })]);
      expect(bench.events.filter(({ type }) => type === 'recovered')).toMatchObject([{ outcome: 'outdated' }]);
      await leaveSpool(items(() => [9], { schema: { id: column.text(), value: column.decimal() } }));
      bench.events.length = 0;
      await bench.sync([{ ...items(() => [1]), name: 'others' }]);
      expect(bench.events.filter(({ type }) => type === 'recovered')).toMatchObject([
        { stream: 'items', outcome: 'outdated' },
      ]);
      expect(await bench.spooled()).toEqual([]);
    });

    it('recognises a spool that is loaded already, and removes half-written files', async () => {
      let kept: { name: string; content: Buffer }[] = [];
      await bench.sync([items(() => [1])], {
        async onStep(step) {
          if (step !== 'load_committed') return;
          const [folder] = await readdir(bench.spoolFolder);
          const names = await readdir(join(bench.spoolFolder, folder!));
          kept = await Promise.all(
            names.map(async (name) => ({
              name: join(folder!, name),
              content: await readFile(join(bench.spoolFolder, folder!, name)),
            })),
          );
        },
      });
      expect(kept).toHaveLength(2);
      const { mkdir } = await import('node:fs/promises');
      await mkdir(join(bench.spoolFolder, kept[0]!.name, '..'), { recursive: true });
      for (const { name, content } of kept) await writeFile(join(bench.spoolFolder, name), content);
      const half = join(bench.spoolFolder, kept[0]!.name, '..', 'half.csv.zst.partial');
      await writeFile(half, 'x');
      await writeFile(half.replace('half.csv.zst.partial', 'lost.csv.zst'), 'x');
      await bench.sync([items(() => [1])], { select: ['made-up'] });
      expect(bench.events.filter(({ type }) => type === 'recovered')).toMatchObject([{ outcome: 'already_loaded' }]);
      expect(await bench.rows('items__history')).toEqual([]);
      expect(await bench.spooled()).toEqual([]);
    });
  });
}

describe('a disk that is full', () => {
  it('fails the stream with what to do, leaves no file and nothing half-loaded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'revops-full-'));
    const child = new URL('full-disk-child.ts', import.meta.url).pathname;
    // A real limit of the system on the size of files: 12 MB.
    const run = spawnSync(
      'bash',
      ['-c', `ulimit -f 12288; exec "$0" "$@"`, process.execPath, '--conditions=source', child, folder],
      { encoding: 'utf8' },
    );
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({
      code: 'SPOOL_FAILED',
      hint: 'Free space on that disk and run again: what was loaded is kept, the rest is read again.',
      statuses: ['failed', 'ok'],
      big: 0,
      small: 1,
      left: [],
    });
    await rm(folder, { recursive: true });
  });
});
