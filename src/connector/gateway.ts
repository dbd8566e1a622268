/**
 * The way out to one platform: a token bucket, bounded concurrency, and the one retry policy. Every request of a
 * connector goes through `call`.
 */
import PQueue from 'p-queue';
import pRetry from 'p-retry';

import { isRevopsError } from '../errors.ts';
import { faultError, isPassing, type Fault } from './faults.ts';

export interface Gateway {
  /** Runs one request. The request must be safe to repeat and must not have handed on any part of its answer. */
  call<T>(label: string, request: () => Promise<T>): Promise<T>;
  /** Counters for progress and reports. */
  readonly spent: { requests: number; retries: number; waitedMs: number };
}

export interface GatewayOptions {
  /** For messages: the connector's name. */
  source: string;
  requests: number;
  perMilliseconds: number;
  concurrency: number;
  classify(error: unknown): Fault;
  signal: AbortSignal;
  /** Tries in all. Default 6. */
  attempts?: number;
  /** First wait, doubled each time. Default 500 ms. */
  firstWaitMs?: number;
  /** A platform that asks for a longer wait than this is out of quota for this run. Default 5 minutes. */
  longestWaitMs?: number;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { source, classify, signal, attempts = 6, firstWaitMs = 500, longestWaitMs = 300_000 } = options;
  const spent = { requests: 0, retries: 0, waitedMs: 0 };
  const queue = new PQueue({
    concurrency: options.concurrency,
    interval: options.perMilliseconds,
    intervalCap: options.requests,
    carryoverIntervalCount: true,
  });

  async function once<T>(request: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    return queue.add(() => {
      spent.requests += 1;
      return request();
    });
  }

  async function call<T>(label: string, request: () => Promise<T>): Promise<T> {
    let last: Fault | undefined;
    try {
      return await pRetry(() => once(request), {
        retries: attempts - 1,
        minTimeout: firstWaitMs,
        maxTimeout: 60_000,
        randomize: true,
        signal,
        shouldRetry: ({ error }) => {
          if (signal.aborted || isRevopsError(error)) return false;
          last = classify(error);
          return isPassing(last) && (last.retryAfterMs ?? 0) <= longestWaitMs;
        },
        onFailedAttempt: async ({ retriesLeft }) => {
          if (retriesLeft === 0 || last === undefined || !isPassing(last)) return;
          spent.retries += 1;
          const wait = last.retryAfterMs ?? 0;
          if (wait > longestWaitMs) return;
          spent.waitedMs += wait;
          await pause(wait, signal);
        },
      });
    } catch (error) {
      if (signal.aborted || isRevopsError(error)) throw error;
      const fault = classify(error);
      const settled: Fault =
        isPassing(fault) && (fault.retryAfterMs ?? 0) > longestWaitMs ? { ...fault, kind: 'quota_exhausted' } : fault;
      throw faultError(`${source}, ${label}`, settled, error);
    }
  }

  return { call, spent };
}

// --- internal ---

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      signal.removeEventListener('abort', stopped);
      resolve();
    }
    function stopped(): void {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }
    signal.addEventListener('abort', stopped, { once: true });
  });
}
