/**
 * Reading days of a partition (`window`): one spool per slice, read as a whole or not at all.
 */
import type { DayWindowStream, Page, Partition, WindowSlice } from '../connector/contract.ts';
import { sliceLabel, type Manifest } from './manifest.ts';
import { beginReading } from './reading.ts';
import { readError, waitForRetry } from './retry.ts';
import type { StreamRun } from './run.ts';
import type { DayRange } from './slices.ts';
import { Stopped, throwIfStopped, untilStopped } from './stop.ts';

/** Reads a slice, again where that can help. Throws Stopped, or a RevopsError once nothing more is tried. */
export async function readWindow(
  source: StreamRun,
  partition: Partition,
  range: DayRange,
  revision: number,
): Promise<Manifest> {
  const slice = { kind: 'window' as const, from: range.from, to: range.to };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await readOnce(source, { ...slice, partition }, revision);
    } catch (thrown) {
      const error = readError(thrown, source.connection, `${source.shape.connector}, ${source.shape.stream}`);
      if (error instanceof Stopped) throw error;
      await waitForRetry(source, sliceLabel({ partition, slice }), attempt, error);
    }
  }
}

// --- internal ---

async function readOnce(source: StreamRun, slice: WindowSlice, revision: number): Promise<Manifest> {
  const stream = source.stream as DayWindowStream<unknown>;
  const { partition, kind, from, to } = slice;
  const reading = beginReading(source, partition, { kind, from, to });
  let isOpen = true;
  try {
    for await (const page of untilStopped<Page>(stream.read(source.context, slice), source.signal))
      await reading.add(page);
    throwIfStopped(source.signal);
    const controlTotals = (await stream.controlTotals?.(source.context, slice)) ?? null;
    const manifest = await reading.finish({ revision, next: null, isSnapshot: false, controlTotals });
    isOpen = false;
    return manifest;
  } finally {
    if (isOpen) await reading.discard();
  }
}
