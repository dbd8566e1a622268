/**
 * What the platform answers instead of data. The SDK's own errors hold the URL, and with it the access token, so none
 * of them is ever handed on or kept as a cause.
 */
import { retryAfterIn, type Headers } from './usage.ts';

interface Answered {
  status: number | undefined;
  code?: number | undefined;
  subcode?: number | undefined;
  message: string;
  isTransient?: boolean;
  traceId?: string | undefined;
  retryAfterMs?: number | undefined;
}

/** A request the platform refused. `status` undefined: there was no answer. */
export class MetaRequestError extends Error {
  override readonly name = 'MetaRequestError';
  readonly status: number | undefined;
  readonly code: number | undefined;
  readonly subcode: number | undefined;
  readonly isTransient: boolean;
  /** `fbtrace_id`, which the platform's support asks for. */
  readonly traceId: string | undefined;
  /** How long until calls are answered again, where the platform says so. */
  readonly retryAfterMs: number | undefined;

  constructor(answered: Answered) {
    super(answered.message);
    this.status = answered.status;
    this.code = answered.code;
    this.subcode = answered.subcode;
    this.isTransient = answered.isTransient ?? false;
    this.traceId = answered.traceId;
    this.retryAfterMs = answered.retryAfterMs;
  }
}

/** An answer that is no JSON, or not what was asked for. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** The limits are used up so far that nothing new is begun. */
export class UsageSpent extends Error {
  override readonly name = 'UsageSpent';
}

/** A report the platform did not finish. */
export class ReportFailed extends Error {
  override readonly name = 'ReportFailed';
  readonly isTooLarge: boolean;

  constructor(message: string, isTooLarge: boolean) {
    super(message);
    this.isTooLarge = isTooLarge;
  }
}

/** An error of the SDK as one of these; nothing of its URL or request remains. */
export function failureOf(error: unknown): Error {
  if (!(error instanceof Error) || error.name !== 'FacebookRequestError') {
    return new UnreadableAnswer('the answer is not JSON');
  }
  const { status, response, headers } = error as Error & {
    status?: number | null;
    response?: unknown;
    headers?: Headers | null;
  };
  if (typeof status !== 'number')
    return new MetaRequestError({ status: undefined, message: 'no connection, or the answer broke off' });
  return errorOf(status, response, headers ?? {});
}

/** The error of an answer's body. */
export function errorOf(status: number, body: unknown, headers: Headers): MetaRequestError {
  const error = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const text = (name: string): string | undefined =>
    typeof error[name] === 'string' && error[name] !== '' ? error[name] : undefined;
  const number = (name: string): number | undefined => (typeof error[name] === 'number' ? error[name] : undefined);
  return new MetaRequestError({
    status,
    code: number('code'),
    subcode: number('error_subcode'),
    message: text('message') ?? `HTTP status ${status} without a readable error`,
    isTransient: error['is_transient'] === true,
    traceId: text('fbtrace_id'),
    retryAfterMs: retryAfterIn(headers),
  });
}

/** Whether less at once would be answered. Looks through what the engine made of the error. */
export function isTooMuch(error: unknown): boolean {
  if (error instanceof ReportFailed) return error.isTooLarge;
  if (error instanceof MetaRequestError) return soundsTooLarge(error.code, error.subcode, error.message);
  return error instanceof Error && error.cause instanceof Error && isTooMuch(error.cause);
}

/** Refused for the number of calls: limits of the app, the user, the page, the account, and of each kind of business use. */
export function isLimit({ code }: MetaRequestError): boolean {
  return code !== undefined && ([4, 17, 32, 613].includes(code) || (code >= 80_000 && code <= 80_014));
}

export function soundsTooLarge(code: number | undefined, subcode: number | undefined, message: string): boolean {
  return (
    (code === 100 && (subcode === 1504018 || subcode === 1504038)) ||
    /reduce the amount of data|fetch less data/i.test(message)
  );
}
