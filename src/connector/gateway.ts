/**
 * The way out to one platform: a rate limit, bounded concurrency, and the one retry policy. Every request of a
 * connector goes through `call`.
 */
import PQueue from 'p-queue';
import pRetry, { AbortError } from 'p-retry';

import { isRevopsError } from '../errors.ts';
import { faultError, isPassing, type Fault } from './faults.ts';
import { pause } from './pause.ts';

export interface Gateway {
  /** Runs one request. The request must be safe to repeat and must not have handed on any part of its answer. */
  call<T>(label: string, request: () => Promise<T>): Promise<T>;
  /** Counters for progress and reports. */
  readonly spent: { requests: number; retries: number; waitedMs: number };
}

export interface GatewayOptions {
  /** For messages: the connector's name. */
  source: string;
  /** At most this many requests start in any period of `perMilliseconds`. */
  requests: number;
  perMilliseconds: number;
  concurrency: number;
  classify(error: unknown): Fault;
  signal: AbortSignal;
  /** Tries in all; two of a platform that did not answer any of the last request's. Default 6. */
  attempts?: number;
  /** First wait, doubled each time and lengthened by up to its own length at random. Default 500 ms. */
  firstWaitMs?: number;
  /** A platform that asks for a longer wait than this is out of quota for this run. Default 5 minutes. */
  longestWaitMs?: number;
  /** A request without an answer for so long is tried again. Default 5 minutes. */
  answerWithinMs?: number;
}

/**
 * Opens the way. A wait the platform asks for holds back every request of the connection, not only the one that was
 * refused. `call` gives the fault as a RevopsError once nothing more is tried, the signal's reason when stopped.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { source, classify, signal, attempts = 6, firstWaitMs = 500, longestWaitMs = 300_000 } = options;
  const { answerWithinMs = 300_000 } = options;
  const spent = { requests: 0, retries: 0, waitedMs: 0 };
  const queue = new PQueue({
    concurrency: options.concurrency,
    interval: options.perMilliseconds,
    intervalCap: options.requests,
    strict: true,
  });
  let heldUntil = 0;
  // A platform that is down is not waited for by every stream anew.
  let isDown = false;

  function once<T>(request: () => Promise<T>): Promise<T> {
    return queue.add(
      async () => {
        await hold();
        spent.requests += 1;
        return withinTime(request(), answerWithinMs);
      },
      { signal },
    );
  }

  async function hold(): Promise<void> {
    for (let wait = heldUntil - performance.now(); wait > 0; wait = heldUntil - performance.now()) {
      spent.waitedMs += Math.round(wait);
      await pause(wait, signal);
    }
  }

  async function attempt<T>(request: () => Promise<T>): Promise<T> {
    try {
      const answer = await once(request);
      isDown = false;
      return answer;
    } catch (error) {
      if (signal.aborted) throw error;
      if (isRevopsError(error)) throw new AbortError(error);
      if (error instanceof Unanswered) throw new Failure({ kind: 'transient', message: error.message }, error);
      const fault = settled(classify(error), longestWaitMs);
      if (fault.kind !== 'transient') isDown = false;
      throw new Failure(fault, error);
    }
  }

  async function call<T>(label: string, request: () => Promise<T>): Promise<T> {
    try {
      return await pRetry(() => attempt(request), {
        retries: (isDown ? Math.min(attempts, TRIES_WHEN_DOWN) : attempts) - 1,
        minTimeout: firstWaitMs,
        maxTimeout: 60_000,
        randomize: true,
        signal,
        shouldRetry: ({ error, retryDelay }) => {
          if (!(error instanceof Failure) || !isPassing(error.fault)) return false;
          heldUntil = Math.max(heldUntil, performance.now() + (error.fault.retryAfterMs ?? 0));
          spent.retries += 1;
          spent.waitedMs += retryDelay;
          return true;
        },
      });
    } catch (error) {
      if (error instanceof Failure && error.fault.kind === 'transient') isDown = true;
      throw error instanceof Failure ? faultError(`${source}, ${label}`, error.fault, error.thrown) : error;
    }
  }

  return { call, spent };
}

// --- internal ---

const TRIES_WHEN_DOWN = 2;

/** Carries whatever was thrown through p-retry, which refuses what is not an Error and never retries a TypeError. */
class Failure extends Error {
  readonly fault: Fault;
  readonly thrown: unknown;

  constructor(fault: Fault, thrown: unknown) {
    super(fault.message);
    this.fault = fault;
    this.thrown = thrown;
  }
}

class Unanswered extends Error {}

/** The answer, unless there is none for too long: what comes of it later is nobody's. */
async function withinTime<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unanswered(`no answer within ${milliseconds / 1000} seconds`)), milliseconds);
    // A run that was stopped does not wait for it.
    timer.unref();
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}

function settled(fault: Fault, longestWaitMs: number): Fault {
  return isPassing(fault) && (fault.retryAfterMs ?? 0) > longestWaitMs ? { ...fault, kind: 'quota_exhausted' } : fault;
}
