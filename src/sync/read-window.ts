/**
 * Reading days of a partition (`window`): a slice is one spool, or several where it is large and the stream says up to
 * which day it is whole.
 */
import type { DayWindowStream, Page, Partition } from '../connector/contract.ts';
import { CHECKPOINT } from './contract.ts';
import { addDays, dayOf } from './days.ts';
import { sliceLabel, type Manifest } from './manifest.ts';
import { isRevopsError } from '../errors.ts';
import { beginReading, type Reading } from './reading.ts';
import { readError, waitForRetry } from './retry.ts';
import type { StreamRun } from './run.ts';
import type { DayRange } from './slices.ts';
import { Stopped, throwIfOver, throwIfStopped, untilStopped } from './stop.ts';

/**
 * Reads a slice to its end and gives finished spools, in the order of their days. A failed read begins again after the
 * last whole day. Throws Stopped after having given what is whole, or a RevopsError once nothing more is tried.
 */
export async function* readWindow(
  source: StreamRun,
  partition: Partition,
  range: DayRange,
  revision: number,
): AsyncGenerator<Manifest> {
  const stream = source.stream as DayWindowStream<unknown>;
  const limit = source.run.options.checkpoint ?? CHECKPOINT;
  let ahead = revision;
  let { from } = range;
  for (let attempt = 1; ; attempt += 1) {
    // the parts are of one answer: what a later one says is no younger
    const readAt = source.run.options.now().toISOString();
    const begin = (): Reading => beginReading(source, partition, { kind: 'window', from, to: range.to }, readAt);
    let reading = begin();
    let isOpen = true;
    /** The day up to which all is read, and nothing beyond it. */
    let whole: string | null = null;
    const finish = async (to: string): Promise<Manifest> => {
      isOpen = false;
      const slice = { kind: 'window' as const, from, to };
      try {
        const controlledTo = settledDay(to, partition, source.run.options.now());
        const controlled = { ...slice, to: controlledTo, partition };
        const controlTotals =
          controlledTo < from ? null : ((await stream.controlTotals?.(source.context, controlled)) ?? null);
        const end = { slice, revision: ahead, next: null, isSnapshot: false, controlTotals, controlledTo };
        const manifest = await reading.finish(end);
        ahead += 1;
        from = addDays(to, 1);
        attempt = 1;
        return manifest;
      } catch (error) {
        await reading.discard();
        throw error;
      }
    };
    try {
      const request = { kind: 'window' as const, partition, from, to: range.to };
      for await (const page of untilStopped<Page>(stream.read(source.context, request), source.signal)) {
        await reading.add(page);
        const size = reading.size();
        const { through } = page;
        if (through === undefined || through < from || through >= range.to) {
          if (page.records.length > 0) whole = null;
          continue;
        }
        whole = through;
        if (size.rows < limit.rows && size.bytes < limit.bytes) continue;
        yield await finish(through);
        reading = begin();
        isOpen = true;
        whole = null;
        throwIfOver(source);
      }
      throwIfStopped(source.signal);
      yield await finish(range.to);
      return;
    } catch (thrown) {
      const error = readError(thrown, source.connection, `${source.shape.connector}, ${source.shape.stream}`);
      // Progress is kept, so that a source that fails every few requests still comes to its end.
      if (isOpen && whole !== null && !isRevopsError(error, 'SPOOL_FAILED')) yield* await given(finish(whole));
      if (error instanceof Stopped) throw error;
      const left = { partition, slice: { kind: 'window' as const, from, to: range.to } };
      await waitForRetry(source, sliceLabel(left), attempt, error);
    } finally {
      if (isOpen) await reading.discard();
    }
  }
}

// --- internal ---

/** A part that may be had or not: what ended the read may leave no request for its control total either. */
async function given(part: Promise<Manifest>): Promise<Manifest[]> {
  return part.then(
    (manifest) => [manifest],
    () => [],
  );
}

/**
 * The last day that a control total is asked for: not the running day, which moves between two requests, and not the one
 * before it, of which platforms still put much right.
 */
function settledDay(to: string, { timeZone = 'UTC' }: Partition, now: Date): string {
  const today = dayOf(now, timeZone);
  return to < today ? to : addDays(today, -2);
}
