import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import type { UpsertStream } from '../../../src/connector/index.ts';
import { engines } from '../../support/warehouses.ts';
import { openFiles, type FilesBench } from './folder.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

async function peakMegabytes(bench: FilesBench, rows: number): Promise<number> {
  const name = `spend-${rows}.csv`;
  const file = createWriteStream(join(bench.folder, name));
  file.write('platform,campaign_id,spend_date,currency,spend,note\n');
  for (let row = 0; row < rows; row += 1000) {
    let text = '';
    for (let at = row; at < row + 1000; at += 1) text += `linkedin,c${at},2026-03-01,EUR,1.5,${'x'.repeat(80)}\n`;
    // oxlint-disable-next-line no-await-in-loop -- waits for the disk
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  const connector = bench.connector({ feeds: { ad_spend: name } });
  const connection = await connector.open({
    now: () => new Date(),
    signal: new AbortController().signal,
    note: () => undefined,
  });
  const stream = connection.streams[0] as UpsertStream<unknown>;
  let read = 0;
  let peak = 0;
  for await (const page of stream.read(connection.context, {
    kind: 'changes',
    partition: { key: {}, label: '' },
    since: null,
    start: '2026-01-01',
  })) {
    read += page.records.length;
    if (read % 4000 !== 0) continue;
    gc();
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  }
  expect(read).toBe(rows);
  return peak / 2 ** 20;
}

it('a long file takes no more memory than a short one', { timeout: 60_000 }, async () => {
  const bench = await openFiles(engines[0]);
  try {
    await peakMegabytes(bench, 5_000);
    const short = await peakMegabytes(bench, 8_000);
    const long = await peakMegabytes(bench, 80_000);
    expect(long).toBeLessThan(short + 15);
  } finally {
    await bench.dispose();
  }
});
