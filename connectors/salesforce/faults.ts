/**
 * What the platform answers when it refuses, and what kind of fault that is.
 */
import { type Fault, isNetworkError, redact, retryAfterMs } from 'revops/connector';

/** A refusal or an unreadable answer. Carries no request and no record, so that nothing personal travels with it. */
export class SalesforceError extends Error {
  override readonly name = 'SalesforceError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The platform's code: `INVALID_FIELD`, `REQUEST_LIMIT_EXCEEDED`. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: { status: number; code?: string; retryAfterMs?: number | undefined }) {
    super(message);
    this.status = details.status;
    this.code = details.code ?? '';
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Codes of this connector's own. */
export const SHARE_USED = 'DAILY_LIMIT_SHARE_USED';

/** The error for an answer that is not a success of the expected type; null for one that is. */
export function refusalOf(
  status: number,
  headers: Record<string, string>,
  body: string,
  now: Date,
  expected = 'json',
): SalesforceError | null {
  const type = headers['content-type'] ?? '';
  if (status >= 200 && status < 300) {
    return type.includes(expected)
      ? null
      : new SalesforceError(`status ${status} without ${expected}: something between answered`, { status: 502 });
  }
  const told = type.includes('json') ? firstOf(parsed(body)) : {};
  return new SalesforceError(
    withoutPersonalData(textOf(told['message']) ?? textOf(told['error_description']) ?? 'no explanation'),
    {
      status,
      code: textOf(told['errorCode']) ?? textOf(told['error']) ?? '',
      retryAfterMs: retryAfterMs(headers['retry-after'], now),
    },
  );
}

/** Says what kind of fault an error is. */
export function classify(error: unknown): Fault {
  if (!(error instanceof SalesforceError)) {
    if (isNetworkError(error)) return { kind: 'transient', message: 'the connection broke' };
    return { kind: 'rejected', message: withoutPersonalData(error instanceof Error ? error.message : String(error)) };
  }
  const { status, code } = error;
  const message = [status === 0 ? '' : String(status), code, error.message].filter(Boolean).join(' ');
  if (code === SHARE_USED)
    return { kind: 'quota_exhausted', message, hint: 'Run again later, or let it use more with `dailyLimitShare`.' };
  if (code === 'REQUEST_LIMIT_EXCEEDED' || code === 'LIMIT_EXCEEDED') return limited(error, message);
  if (status === 401 || /^invalid_(grant|client|client_id|request)$|^inactive_|^unsupported_grant_type$/.test(code)) {
    return {
      kind: 'auth',
      message,
      hint: 'Check the app (client id, secret or key), its policies and the user it runs as.',
    };
  }
  if (status === 429) return { kind: 'rate_limited', message, retryAfterMs: error.retryAfterMs ?? 10_000 };
  if (status === 0 || status === 408 || status >= 500 || PASSING.has(code))
    return { kind: 'transient', message, ...waitOf(error) };
  const hint = HINTS[code];
  if (status === 403)
    return { kind: 'auth', message, hint: hint ?? 'Give the user API access and read access to this object.' };
  return hint === undefined ? { kind: 'rejected', message } : { kind: 'rejected', message, hint };
}

// --- internal ---

/** Refusals that pass by themselves. A query locator that is gone is found again by reading on from the last checkpoint. */
const PASSING = new Set([
  'QUERY_TIMEOUT',
  'INVALID_QUERY_LOCATOR',
  'UNABLE_TO_LOCK_ROW',
  'SERVER_UNAVAILABLE',
  'UNKNOWN_EXCEPTION',
]);

const HINTS: Record<string, string> = {
  INVALID_TYPE: 'Give the user read access to this object.',
  INSUFFICIENT_ACCESS: 'Give the user read access to this object.',
  API_DISABLED_FOR_ORG: 'The edition has no API access, or the profile lacks the permission "API Enabled".',
  UNSUPPORTED_API_VERSION: 'Salesforce has ended this API version: update revops.',
};

/** Too many long requests at once pass by themselves; the day's calls do not. */
function limited(error: SalesforceError, message: string): Fault {
  if (/^Concurrent/i.test(error.message))
    return { kind: 'rate_limited', message, retryAfterMs: error.retryAfterMs ?? 10_000 };
  return {
    kind: 'quota_exhausted',
    message,
    hint: "The organisation's calls of the last 24 hours are used up; they come back hour by hour.",
  };
}

function waitOf(error: SalesforceError): { retryAfterMs?: number } {
  return error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return { message: 'the explanation was cut off' };
  }
}

/** Errors of the API are lists, those of the token service are not. */
function firstOf(told: unknown): Record<string, unknown> {
  const first: unknown = Array.isArray(told) ? told[0] : told;
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Messages may quote what was sent or stored: addresses and long numbers are taken out, the rest is cut. */
function withoutPersonalData(message: string): string {
  return redact(message)
    .replace(/[^\s"'<>(),;:]+@[^\s"'<>(),;:]+/g, '[e-mail]')
    .replace(/\+\d[\d ()/-]{6,}\d/g, '[phone]')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 400);
}
