/**
 * What the platform answers instead of data.
 */
import { retryAfterMs } from 'revops/connector';

import { parsedObject, textOf } from './json.ts';

/** A request the platform, or its token service, refused. `status` 0: there was no answer. */
export class LinkedinError extends Error {
  override readonly name = 'LinkedinError';
  readonly status: number;
  /** `TOO_MANY_REQUESTS`, `NONEXISTENT_VERSION`, …; of the token service `invalid_grant`, … */
  readonly code: string | undefined;
  /** 65601 and the like: finer than the status. */
  readonly serviceCode: string | undefined;
  /** `x-li-uuid`, which the platform's support asks for. */
  readonly requestId: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: Partial<Omit<LinkedinError, 'name' | 'message' | 'cause' | 'stack'>>) {
    super(message);
    this.status = details.status ?? 0;
    this.code = details.code;
    this.serviceCode = details.serviceCode;
    this.requestId = details.requestId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** An answer that is no JSON, or not what was asked for. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** More elements than one answer can hold, of what cannot be asked for in smaller parts. */
export class TooManyElements extends Error {
  override readonly name = 'TooManyElements';
}

/** The error of an answer that is no success. */
export function refusalOf(status: number, headers: Headers, body: string, now: Date): LinkedinError {
  const told = parsedObject(body) ?? {};
  const message = textOf(told['message']) ?? textOf(told['error_description']);
  return new LinkedinError(message?.replace(/\s+/g, ' ') ?? `HTTP status ${status} without a readable error`, {
    status,
    code: textOf(told['code']) ?? textOf(told['error']),
    serviceCode: textOf(told['serviceErrorCode']),
    requestId: headers.get('x-li-uuid') ?? undefined,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
  });
}
