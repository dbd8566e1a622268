/**
 * Bounds the wait for an answer, and makes one error of the ways in which connections break.
 */
import { SalesforceError } from './faults.ts';

const REQUEST_TIMEOUT_MS = 150_000;

/** `signal` of the request itself: aborted when the run is stopped or the time is over. */
export async function withDeadline<T>(stop: AbortSignal, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const signal = AbortSignal.any([stop, late]);
  let refuse: (() => void) | undefined;
  const ended = new Promise<never>((_, reject) => {
    refuse = () =>
      reject(
        stop.aborted
          ? (stop.reason as Error)
          : new SalesforceError(`no answer within ${REQUEST_TIMEOUT_MS / 1000} seconds`, { status: 0 }),
      );
    signal.addEventListener('abort', refuse, { once: true });
  });
  try {
    return await Promise.race([request(signal), ended]);
  } catch (error) {
    if (stop.aborted || !(error instanceof TypeError)) throw error;
    const code = (error.cause as { code?: unknown } | undefined)?.code;
    throw new SalesforceError(`the connection broke (${typeof code === 'string' ? code : 'no reason given'})`, {
      status: 0,
    });
  } finally {
    if (refuse !== undefined) signal.removeEventListener('abort', refuse);
  }
}
