import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { SyncStep } from '../../../src/sync/contract.ts';
import { engines } from '../../support/warehouses.ts';
import { openFiles, type FilesBench } from './folder.ts';

const OPTIONS = { feeds: { ad_spend: 'spend/*.csv' } };
const HEADER = 'platform,campaign_id,spend_date,currency,spend\n';

/** Spend by campaign. */
type Content = Record<string, number>;

function csv(content: Content): string {
  const rows = Object.entries(content).map(([campaign, spend]) => `linkedin,${campaign},2026-03-01,EUR,${spend}\n`);
  return HEADER + rows.join('');
}

async function spends(bench: FilesBench): Promise<Content> {
  const rows = await bench.query('select campaign_id, spend from raw_files.ad_spend where not _deleted');
  return Object.fromEntries(rows.map(({ campaign_id, spend }) => [String(campaign_id), Number(spend)]));
}

const content = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(3), { minKeys: 1 });
/** What is done between two syncs: files written, or removed. */
const changes = fc.array(fc.tuple(fc.constantFrom('1', '2', '3', '4'), fc.option(content)), {
  minLength: 1,
  maxLength: 3,
});

test('whatever files come, change and go, the table is what they hold: the later of two counts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(changes, { minLength: 2, maxLength: 6 }), async (history) => {
      const bench = await openFiles(engines[0]);
      try {
        const present = new Map<string, Content>([['0', { a: 9 }]]);
        bench.write('spend/0.csv', csv({ a: 9 }));
        for (const step of history) {
          for (const [name, next] of step) {
            if (next === null) rmSync(`${bench.folder}/spend/${name}.csv`, { force: true });
            else bench.write(`spend/${name}.csv`, csv(next));
            if (next === null) present.delete(name);
            else present.set(name, next);
          }
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          const report = await bench.load(OPTIONS);
          const { read, loaded, unchanged, rejected } = report.rows;
          expect(read).toBe(loaded + unchanged + rejected);
          const expected = Object.assign(
            {},
            ...[...present].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows),
          ) as Content;
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          expect(await spends(bench)).toEqual(expected);
        }
      } finally {
        await bench.dispose();
      }
    }),
    { numRuns: Number(process.env['REVOPS_RUNS'] ?? 4), seed: 7, endOnFailure: true },
  );
}, 120_000);

const STEPS: readonly SyncStep[] = [
  'page_spooled',
  'spool_finished',
  'load_begun',
  'rows_applied',
  'state_written',
  'load_committed',
];

test.each(engines)(
  'a run that ends at any step is finished by the next, on %s',
  async (engine) => {
    const bench = await openFiles(engine);
    try {
      bench.write('spend/1.csv', csv({ a: 1, b: 2 }));
      await bench.load(OPTIONS);
      for (const [index, at] of STEPS.entries()) {
        bench.write('spend/1.csv', csv({ a: index + 10, [`c${index}`]: 1 }));
        const onStep = (step: SyncStep): void => {
          if (step === at) throw new Error('killed');
        };
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await bench.load(OPTIONS, { onStep }).catch(() => undefined);
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect((await bench.load(OPTIONS)).status).toBe('ok');
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        expect(await spends(bench), at).toEqual({ a: index + 10, [`c${index}`]: 1 });
      }
      const [loads] = await bench.query(
        'select count(*) as loads, sum(rows_read - rows_loaded - rows_unchanged - rows_rejected) as lost from revops.loads',
      );
      expect(loads).toEqual({ loads: STEPS.length + 1, lost: expect.anything() });
      expect(Number(loads?.['lost'])).toBe(0);
    } finally {
      await bench.dispose();
    }
  },
  60_000,
);

test('a known file that changes while a new one is read takes its rows with it', async () => {
  const bench = await openFiles(engines[0]);
  try {
    bench.write('spend/1.csv', csv({ a: 1, b: 2 }));
    await bench.load(OPTIONS);
    bench.write('spend/2.csv', csv({ c: 3 }));
    let isFirst = true;
    const onStep = (step: SyncStep): void => {
      if (step !== 'page_spooled' || !isFirst) return;
      isFirst = false;
      bench.write('spend/1.csv', csv({ a: 1 }));
      bench.write('spend/2.csv', csv({ c: 3, d: 4 }));
    };
    await bench.load(OPTIONS, { onStep });
    expect((await bench.load(OPTIONS)).status).toBe('ok');
    expect(await spends(bench)).toEqual({ a: 1, c: 3, d: 4 });
  } finally {
    await bench.dispose();
  }
});
