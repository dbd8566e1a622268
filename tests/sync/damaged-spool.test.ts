import { readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { column, type Stream } from '../../src/connector/index.ts';
import { engines } from '../support/warehouses.ts';
import { openBench, type Bench } from './support.ts';

const items = (value: number, name = 'items'): Stream => ({
  name,
  description: 'Items.',
  mode: 'upsert',
  schema: { id: column.text(), value: column.bigint() },
  primaryKey: ['id'],
  async *read() {
    yield { records: [{ id: 'a', value }, { id: null }], cursor: value };
  },
});

for (const engine of engines) {
  describe(`a spool that cannot be loaded on ${engine}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(engine);
    });
    afterEach(() => bench.dispose());

    /** Leaves a finished spool behind and gives the path of one of its files. */
    async function leaveSpool(ending: string): Promise<string> {
      await bench.sync([items(1)], {
        onStep(step) {
          if (step === 'load_begun') throw new Error('the warehouse is gone');
        },
      });
      const files = await readdir(bench.spoolFolder, { recursive: true });
      return join(
        bench.spoolFolder,
        files.find((name) => name.endsWith(ending) && (ending !== '.csv.zst' || !name.includes('rejected')))!,
      );
    }

    const damages: [string, string, (file: string) => Promise<void>][] = [
      ['whose rows are missing', '.csv.zst', (file) => rm(file)],
      ['whose rows are cut off', '.csv.zst', (file) => truncate(file, 12)],
      ['whose rows are something else', '.csv.zst', (file) => writeFile(file, 'not what was written')],
      ['whose rejected rows are cut off', '.rejected.csv.zst', (file) => truncate(file, 12)],
      ['whose manifest is cut off', '.json', (file) => truncate(file, 12)],
      ['of a later version', '.json', (file) => writeFile(file, '{"version":99,"loadId":"x"}')],
    ];
    for (const [title, ending, damage] of damages) {
      it(`is dropped and read again: one ${title}`, async () => {
        await damage(await leaveSpool(ending));
        const report = await bench.sync([items(2)]);
        expect(report.status).toBe('ok');
        expect(await bench.rows('items')).toMatchObject([{ id: 'a', value: 2 }]);
        expect(await bench.query('select count(*) as n from revops.loads')).toEqual([{ n: 1 }]);
        expect(await bench.spooled()).toEqual([]);
      });
    }

    it('does not keep other streams from being synced, run after run', async () => {
      await bench.sync([items(1)]);
      // A view over the table's name takes no rows: the warehouse refuses what it is given.
      await bench.warehouse.script(
        'alter table raw_made_up.items rename to kept; create view raw_made_up.items as select * from raw_made_up.kept limit 5',
      );
      for (const value of [2, 3]) {
        const { streams } = await bench.sync([items(value), items(value, 'others')]);
        expect(streams.map(({ stream, status }) => [stream, status])).toEqual([
          ['items', 'failed'],
          ['others', 'ok'],
        ]);
        expect(await bench.rows('others')).toMatchObject([{ id: 'a', value }]);
      }
    });
  });
}
