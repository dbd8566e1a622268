import { describe, expect, it } from 'vitest';

import { pause, Stopped, untilStopped } from '../../src/sync/stop.ts';

async function collect<T>(source: AsyncIterable<T>, signal: AbortSignal, onItem?: () => void): Promise<T[]> {
  const items: T[] = [];
  for await (const item of untilStopped(source, signal)) {
    items.push(item);
    onItem?.();
  }
  return items;
}

async function* two(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

describe('untilStopped', () => {
  it('gives every page and hands on the error of the source', async () => {
    expect(await collect(two(), new AbortController().signal)).toEqual([1, 2]);
    async function* broken(): AsyncGenerator<number> {
      yield 1;
      throw new Error('broken');
    }
    await expect(collect(broken(), new AbortController().signal)).rejects.toThrow('broken');
  });

  it('stops between pages', async () => {
    const stop = new AbortController();
    await expect(collect(two(), stop.signal, () => stop.abort())).rejects.toThrow(Stopped);
  });

  it('stops while a source hangs and does not listen', async () => {
    const stop = new AbortController();
    async function* hanging(): AsyncGenerator<number> {
      yield 1;
      await new Promise(() => undefined);
    }
    await expect(collect(hanging(), stop.signal, () => setTimeout(() => stop.abort(), 5))).rejects.toThrow(Stopped);
  });

  it("calls the source's own end when the reader stops", async () => {
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1;
        yield 2;
      } finally {
        ended = true;
      }
    }
    for await (const _ of untilStopped(source(), new AbortController().signal)) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).toBe(true);
  });
});

describe('pause', () => {
  it('ends at once when stopped', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5);
    await expect(pause(60_000, stop.signal)).rejects.toThrow(Stopped);
  });
});
