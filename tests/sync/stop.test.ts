import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { Stopped, untilStopped } from '../../src/sync/stop.ts';

interface Page {
  rows: number[];
}

async function* pages(count: number, made: WeakRef<Page>[]): AsyncGenerator<Page> {
  for (let index = 0; index < count; index += 1) {
    await turn();
    const page = { rows: Array.from({ length: 1000 }, () => index) };
    made.push(new WeakRef(page));
    yield page;
  }
}

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round += 1) {
    await turn();
    collect();
  }
}

describe('pages until a run is stopped', () => {
  it('are let go once they are taken, however many come', async () => {
    const made: WeakRef<Page>[] = [];
    const signal = new AbortController().signal;
    let taken = 0;
    for await (const page of untilStopped(pages(40, made), signal)) {
      taken += page.rows.length;
      if (made.length < 40) continue;
      await collectGarbage();
      expect(made.filter((one) => one.deref() !== undefined).length).toBeLessThan(5);
    }
    expect(taken).toBe(40_000);
  });

  it('end at once when it is stopped, though the source hangs', async () => {
    const controller = new AbortController();
    async function* hanging(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const page of untilStopped(hanging(), controller.signal)) seen.push(page);
    })();
    await turn();
    controller.abort();
    await expect(reading).rejects.toBeInstanceOf(Stopped);
    expect(seen).toEqual([1]);
  });
});
