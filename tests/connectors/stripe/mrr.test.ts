/** Subscriptions that change between syncs, and what the models make of their versions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { stripe } from '../../../connectors/stripe/index.ts';
import { build } from '../../../src/model/index.ts';
import { shippedLibrary } from '../../support/shipped.ts';
import { enginesOrOne } from '../../support/warehouses.ts';
import { openBench } from '../../sync/support.ts';
import { day, emulate, optionsFor, subscription, tinyBilling } from './connection.ts';

const MODELS = ['stripe_subscriptions', 'subscriptions', 'daily_rates', 'mrr_changes'];
const STANDARD = parse(readFileSync(join(import.meta.dirname, '../../../fixtures/cases/standard.yml'), 'utf8')) as {
  settings: Record<string, string>;
};

test.each(enginesOrOne('duckdb'))(
  'On %s the versions that syncs found are the history, and MRR after each is what stands',
  async (engine) => {
    const billing = tinyBilling();
    const monthly = (unitAmount: string) => ({ prices: [{ interval: 'month' as const, unitAmount }] });
    const put = (at: number, id: string, more: Parameters<typeof subscription>[2]): void =>
      billing.put(day(at), at === 0 ? 'created' : 'updated', subscription(id, day(0), more));
    put(0, 'sub_a', monthly('1000'));
    put(0, 'sub_b', { ...monthly('500'), status: 'trialing', trialEndAt: day(7) });
    put(3, 'sub_a', monthly('2500'));
    put(7, 'sub_b', { ...monthly('500'), trialEndAt: day(7) });
    put(12, 'sub_a', { ...monthly('2500'), isCollectionPaused: true });
    put(15, 'sub_a', monthly('2500'));
    put(22, 'sub_b', { ...monthly('500'), trialEndAt: day(7), status: 'canceled', canceledAt: day(22) });

    const emulator = await emulate(billing, day(0));
    const bench = await openBench(engine);
    const { project: all } = await shippedLibrary();
    const models = all.models.filter(({ name }) => MODELS.includes(name));
    const inputs = all.inputs.filter(({ name }) => ['settings', 'exchange_rates'].includes(name));
    const project = { ...all, models, inputs };
    const standing: (string | number)[] = [];
    for (const at of [1, 4, 9, 13, 16, 24]) {
      emulator.setNow(day(at));
      const now = (): Date => new Date(day(at));
      await bench.sync([stripe(optionsFor(emulator))], { now, select: ['stripe.subscriptions'] });
      await build({
        ...{ warehouse: bench.warehouse, project, now, runId: 'run' },
        inputs: { settings: [STANDARD.settings], exchange_rates: [] },
      });
      const [sum] = await bench.query('select sum(amount) as mrr from core.mrr_changes');
      standing.push(Number(sum?.['mrr']));
    }
    expect(standing).toEqual([10, 25, 30, 5, 30, 25]);
    const moved = await bench.query('select moved_date, amount, mrr_after from core.mrr_changes order by moved_date');
    expect(moved.map((row) => [row['moved_date'], Number(row['amount']), Number(row['mrr_after'])])).toEqual([
      ['2026-03-01', 10, 10],
      ['2026-03-05', 15, 25],
      ['2026-03-08', 5, 30],
      ['2026-03-14', -25, 5],
      ['2026-03-17', 25, 30],
      ['2026-03-23', -5, 25],
    ]);
    await bench.dispose();
  },
);
