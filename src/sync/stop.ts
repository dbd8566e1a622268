/**
 * Stopping cleanly: the run was interrupted, or a platform's quota ran out. Not a failure: what is read is loaded.
 */
import { isRevopsError, RevopsError } from '../errors.ts';
import type { StreamRun } from './run.ts';

export class Stopped extends Error {
  override readonly name = 'Stopped';
  /** The quota error, TIME_BUDGET, or CANCELLED. */
  readonly reason: RevopsError;

  constructor(reason: unknown) {
    super('stopped');
    this.reason = isRevopsError(reason)
      ? reason
      : new RevopsError('CANCELLED', 'the run was stopped', {
          hint: 'What was read is loaded; the next run goes on from there.',
          retryable: true,
        });
  }
}

/** Throws Stopped once the signal is aborted. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new Stopped(signal.reason);
}

/** Before something new begins: throws Stopped once the run is stopped, or has had enough. */
export function throwIfOver({ signal, run }: Pick<StreamRun, 'signal' | 'run'>): void {
  throwIfStopped(signal);
  if (run.options.enough !== undefined) throwIfStopped(run.options.enough);
}

/** The pages of a read. Throws Stopped as soon as the signal is aborted, even where the source does not listen to it. */
export async function* untilStopped<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  throwIfStopped(signal);
  const iterator = source[Symbol.asyncIterator]();
  let isOpen = true;
  try {
    for (;;) {
      const next = await orStopped(() => iterator.next(), signal);
      if (next.done === true) {
        isOpen = false;
        return;
      }
      yield next.value;
      throwIfStopped(signal);
    }
  } catch (error) {
    // A source that was interrupted fails in its own way; the cause is that it was stopped.
    if (!(error instanceof Stopped)) isOpen = false;
    throw signal.aborted ? new Stopped(signal.reason) : error;
  } finally {
    // Not awaited: a source that hangs would hang the stop.
    if (isOpen) iterator.return?.().catch(() => undefined);
  }
}

/** Waits; throws Stopped as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  throwIfStopped(signal);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
  throwIfStopped(signal);
}

// --- internal ---

/** Not `Promise.race` with one promise for all pages: that one would hold every page until the end. */
function orStopped<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new Stopped(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
    read()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
