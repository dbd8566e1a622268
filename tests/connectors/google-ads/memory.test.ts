import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import { windowStream } from '../reading.ts';
import { connectTo, EUROPE, NOW, world } from './connection.ts';
import { startGoogleAdsEmulator } from '../../../fixtures/emulators/google-ads/index.ts';
import type { AdFact } from '../../../fixtures/world/types.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** A view whose account has as many ad groups' facts as wanted, made while they are read. */
function vast(rows: number) {
  const view = world.at(NOW);
  const sample = [...view.adGroupFacts(EUROPE, '2026-05-01', '2026-05-07')][0] as AdFact;
  return {
    at: () => ({
      ...view,
      *adGroupFacts() {
        for (let index = 0; index < rows; index += 1) yield { ...sample, costMicros: BigInt(index) };
      },
    }),
  };
}

async function peakMegabytes(rows: number): Promise<number> {
  const emulator = await startGoogleAdsEmulator({ world: vast(rows), now: () => NOW, batchRows: 2000 });
  try {
    const { connection } = await connectTo(emulator);
    const stream = windowStream(connection, 'ad_group_days');
    const slice = {
      kind: 'window' as const,
      partition: { key: { account_id: EUROPE }, label: '' },
      from: '2026-05-01',
      to: '2026-05-07',
    };
    let read = 0;
    let peak = 0;
    for await (const page of stream.read(connection.context, slice)) {
      read += page.records.length;
      gc();
      const { heapUsed, external } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + external);
    }
    expect(read).toBe(rows);
    return peak / 2 ** 20;
  } finally {
    await emulator.close();
  }
}

it('a long answer takes no more memory than a short one', async () => {
  await peakMegabytes(4000);
  const short = await peakMegabytes(6000);
  const long = await peakMegabytes(60_000);
  expect(long).toBeLessThan(short + 20);
});
