import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { expect, it } from 'vitest';

import type { Connection } from '../../../src/connector/contract.ts';
import { sliceOf, windowStream } from '../reading.ts';
import { connectTo, EUROPE, NOW } from './connection.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const SOURCE = join(import.meta.dirname, '../../../bench/source.ts');
/** Pages between two looks at the memory: a collection takes longer than a page. */
const BETWEEN = 8;
const ROWS_PER_DAY = 4000;

/** Reads ad groups of some days and gives the most memory that was in use. */
async function peakMegabytes(connection: Connection, to: string): Promise<number> {
  let peak = 0;
  let read = 0;
  let pages = 0;
  const slice = sliceOf(EUROPE, '2026-05-01', to);
  for await (const page of windowStream(connection, 'ad_group_days').read(connection.context, slice)) {
    read += page.records.length;
    pages += 1;
    if (pages % BETWEEN !== 0) continue;
    gc();
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  }
  expect(read).toBe(Number(to.slice(-2)) * ROWS_PER_DAY);
  return peak / 2 ** 20;
}

it('a long answer takes no more memory than a short one', async () => {
  // The platform is a process of its own.
  const source = spawn(process.execPath, ['--conditions=source', SOURCE, String(ROWS_PER_DAY), NOW], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [url] = (await once(source.stdout.setEncoding('utf8'), 'data')) as [string];
    const { connection } = await connectTo({ url: url.trim() });
    await peakMegabytes(connection, '2026-05-01');
    const short = await peakMegabytes(connection, '2026-05-01');
    const long = await peakMegabytes(connection, '2026-05-10');
    expect(long).toBeLessThan(short + 20);
  } finally {
    source.kill();
  }
});
