/**
 * What the platform answers when it refuses, and what kind of fault that is.
 */
import { type Fault, isNetworkError, redact, RevopsError, retryAfterMs } from 'revops/connector';

import { NoAnswer } from './transport.ts';

/** An answer that is not what was asked for, whatever its status. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** The SDK's errors by what they carry: it need not be loaded to know them. */
export interface StripeFailure extends Error {
  /** `StripeInvalidRequestError`, … */
  type: string;
  statusCode?: number;
  /** `resource_missing`, `lock_timeout`, … */
  code?: string;
  param?: string;
  requestId?: string;
  headers?: Record<string, string>;
}

/** The SDK's error behind one, if any. */
export function failureOf(error: unknown): StripeFailure | null {
  const inner = error instanceof RevopsError ? error.cause : error;
  return inner instanceof Error && 'rawType' in inner ? (inner as Error as StripeFailure) : null;
}

/** Whether an object is not there: never was, or is deleted. */
export function isMissing(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.statusCode === 404 && failure.code === 'resource_missing';
}

/** Whether the object that a page was asked to begin behind has been deleted meanwhile. */
export function isLostPlace(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.code === 'resource_missing' && failure.param === 'starting_after';
}

export function classify(error: unknown): Fault {
  const failure = failureOf(error);
  if (failure !== null) return failureFault(failure);
  if (error instanceof UnreadableAnswer) return { kind: 'transient', message: error.message };
  if (error instanceof NoAnswer) return { kind: 'transient', message: `no connection, or it broke (${error.message})` };
  if (isNetworkError(error)) return { kind: 'transient', message: 'no connection, or the answer broke off' };
  return { kind: 'rejected', message: clean(error instanceof Error ? error.message : 'unknown error') };
}

// --- internal ---

function failureFault(failure: StripeFailure): Fault {
  const { statusCode: status, code, requestId, headers = {} } = failure;
  const names = [status, code].filter((name) => name !== undefined).join(' ');
  const trace = requestId === undefined ? '' : ` (request id ${requestId})`;
  const message = `${names}${names === '' ? '' : ': '}${clean(failure.message)}${trace}`;
  const wait = retryAfterMs(headers['retry-after'], new Date());
  const waits = wait === undefined ? {} : { retryAfterMs: wait };

  if (status === undefined || status >= 500) return { kind: 'transient', message, ...waits };
  // A lock on one object says nothing about the rate.
  if (code === 'lock_timeout' || status === 409) return { kind: 'transient', message, ...waits };
  if (status === 429 || code === 'rate_limit') return { kind: 'rate_limited', message, ...waits };
  if (headers['stripe-should-retry'] === 'true') return { kind: 'transient', message, ...waits };
  if (status === 401) {
    return {
      kind: 'auth',
      message,
      hint: 'Make a new restricted key in the dashboard (Developers, API keys): this one is wrong, expired or rolled.',
    };
  }
  if (status === 403) {
    const permission = /'(rak_\w+)'/.exec(failure.message)?.[1];
    return {
      kind: 'auth',
      message,
      hint:
        permission === undefined
          ? 'Give the restricted key read access to this resource.'
          : `Give the restricted key the permission ${permission}, in the dashboard under Developers, API keys.`,
    };
  }
  return { kind: 'rejected', message };
}

/** The platform quotes keys, in parts, and what was sent. */
function clean(message: string): string {
  return redact(message)
    .replace(/\b[sr]k_(live|test)_[\w*]+/g, '[key]')
    .replace(/[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g, '[e-mail]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}
