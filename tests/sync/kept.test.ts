import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type KeptValues, type ReadContext, type Stream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, SourceError, type Bench } from './support.ts';

/** A stream whose read is whatever the test wants to do with the kept values. */
function keeping(name: string, work: (kept: KeptValues) => Promise<void>): Stream {
  return {
    name,
    description: 'Keeps values.',
    mode: 'upsert',
    schema: { id: column.text() },
    primaryKey: ['id'],
    async *read({ kept }: ReadContext<unknown>) {
      await work(kept);
      yield { records: [] };
    },
  };
}

for (const engine of engines) {
  describe(`kept values on ${engine}`, () => {
    let bench: Bench;
    let seen: (string | null)[];
    beforeEach(async () => {
      bench = await openBench(engine);
      seen = [];
    });
    afterEach(() => bench.dispose());

    const interrupted = (): Stream =>
      keeping('jobs', async (kept) => {
        await kept.set('7', 'first');
        await kept.set('7', `job "6023920149050" – ’1’`);
        throw new SourceError('auth');
      });
    const look = (name: string): Stream => keeping(name, async (kept) => void seen.push(await kept.get('7')));

    it('are there in the next run, though the read that set them failed and loaded nothing', async () => {
      expect((await bench.sync([interrupted()])).status).toBe('failed');
      await bench.warehouse.close();
      await bench.reopen();
      await bench.sync([look('jobs')]);
      expect(seen).toEqual([`job "6023920149050" – ’1’`]);
    });

    it('belong to one stream, and can be removed', async () => {
      await bench.sync([interrupted()]);
      await bench.sync([look('others'), keeping('jobs', async (kept) => kept.set('7', null))]);
      await bench.sync([look('jobs')]);
      expect(seen).toEqual([null, null]);
      expect(await bench.query('select * from revops.kept_values')).toEqual([]);
    });

    it('are forgotten when everything is read again', async () => {
      await bench.sync([interrupted()]);
      await bench.sync([look('jobs')], { full: true });
      expect(seen).toEqual([null]);
    });
  });
}
