/**
 * What an error of a read means for the slice: stop, try again after a wait, or fail.
 */
import type { Connection } from '../connector/contract.ts';
import { faultError } from '../connector/faults.ts';
import { isRevopsError, type RevopsError } from '../errors.ts';
import type { StreamRun } from './run.ts';
import { pause, Stopped } from './stop.ts';

const DEFAULT_ATTEMPTS = 4;
const DEFAULT_FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** The error as the engine treats it: Stopped where the run or the quota ended, else a RevopsError. */
export function readError(error: unknown, connection: Connection, label: string): RevopsError | Stopped {
  if (error instanceof Stopped) return error;
  if (isRevopsError(error, 'QUOTA_EXHAUSTED')) return new Stopped(error);
  if (isRevopsError(error)) return error;
  const fault = connection.classify(error);
  const settled = faultError(label, fault, error);
  return fault.kind === 'quota_exhausted' ? new Stopped(settled) : settled;
}

/**
 * Before a slice is read again: throws the error where that is of no use, or was tried often enough; else tells about
 * it and waits. `attempt` counts from 1.
 */
export async function waitForRetry(
  source: StreamRun,
  slice: string,
  attempt: number,
  error: RevopsError,
): Promise<void> {
  const { options } = source.run;
  const { attempts, firstWaitMs } = options.retry ?? { attempts: DEFAULT_ATTEMPTS, firstWaitMs: DEFAULT_FIRST_WAIT_MS };
  if (!error.retryable || attempt >= attempts) throw error;
  const { connector, stream } = source.shape;
  options.onEvent({ type: 'slice_retried', connector, stream, slice, attempt, error });
  await pause(Math.min(firstWaitMs * 2 ** (attempt - 1), LONGEST_WAIT_MS), source.signal);
}
