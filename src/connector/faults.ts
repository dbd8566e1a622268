/**
 * The one policy for faults: what went wrong with a request, and so what is done about it.
 *
 * - `transient` (5xx, reset, timeout) and `rate_limited` (429): retried with jittered backoff, `retryAfterMs` honoured.
 * - `quota_exhausted`: the run checkpoints and stops cleanly.
 * - `auth`, `rejected`: fails at once with what to do.
 */
import { RevopsError, type ErrorCode } from '../errors.ts';
import { removeSecrets } from './remove-secrets.ts';
import { redact } from '../secret.ts';

export type FaultKind = 'transient' | 'rate_limited' | 'quota_exhausted' | 'auth' | 'rejected';

export interface Fault {
  kind: FaultKind;
  /** One line, without secrets. */
  message: string;
  /** What the platform asked us to wait, in milliseconds. */
  retryAfterMs?: number;
  hint?: string;
}

const CODES: Record<FaultKind, ErrorCode> = {
  transient: 'SOURCE_UNAVAILABLE',
  rate_limited: 'SOURCE_UNAVAILABLE',
  quota_exhausted: 'QUOTA_EXHAUSTED',
  auth: 'AUTH_FAILED',
  rejected: 'REQUEST_REJECTED',
};

/** Whether doing the request again soon can succeed. */
export function isPassing(fault: Fault): boolean {
  return fault.kind === 'transient' || fault.kind === 'rate_limited';
}

/** The error a fault becomes once nothing more is tried. Known secrets are removed from its message and from its cause. */
export function faultError(source: string, fault: Fault, cause: unknown): RevopsError {
  removeSecrets(cause);
  return new RevopsError(CODES[fault.kind], redact(`${source}: ${fault.message}`), {
    retryable: isPassing(fault) || fault.kind === 'quota_exhausted',
    cause,
    ...(fault.hint === undefined ? {} : { hint: fault.hint }),
  });
}

/** `Retry-After` (seconds or an HTTP date) in milliseconds; undefined where absent or unreadable. */
export function retryAfterMs(header: string | null | undefined, now: Date): number | undefined {
  if (header === null || header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

const PASSING_SYSTEM_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** Whether an error (or one of its causes) is a broken connection or a timeout. */
export function isNetworkError(error: unknown): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; current = current.cause, depth += 1) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && PASSING_SYSTEM_CODES.has(code)) return true;
    if (current.name === 'TimeoutError' || /socket hang up|fetch failed|terminated|aborted/i.test(current.message))
      return true;
  }
  return false;
}
