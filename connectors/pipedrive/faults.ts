/**
 * What the platform answers when it refuses, and what kind of fault that is.
 */
import { type Fault, isNetworkError, redact, retryAfterMs } from 'revops/connector';

/** A refusal or an unreadable answer. Carries no request and no record, so that nothing personal travels with it. */
export class PipedriveError extends Error {
  override readonly name = 'PipedriveError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The platform's code (`invalid_grant`), or one of this connector's own. */
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
export const SHARE_USED = 'DAILY_TOKEN_SHARE_USED';
const TOKENS_USED = 'DAILY_TOKENS_USED';
/** Refused in HTML, for going on after 429. */
export const BLOCKED = 'BLOCKED';

/** The error for an answer that is not a JSON success; null for one that is. */
export function refusalOf(
  status: number,
  headers: Record<string, string>,
  body: string,
  now: Date,
): PipedriveError | null {
  const isJson = (headers['content-type'] ?? '').includes('json');
  if (status >= 200 && status < 300) {
    return isJson
      ? null
      : new PipedriveError(`status ${status} without JSON: something between answered`, { status: 502 });
  }
  const told = isJson ? parsed(body) : {};
  const message = textOf(told['error']) ?? textOf(told['message']) ?? 'no explanation';
  return new PipedriveError(withoutPersonalData(message), {
    status,
    code: ownCode(status, headers, isJson) ?? textOf(told['code']) ?? '',
    retryAfterMs: waitAsked(headers, now),
  });
}

/** Says what kind of fault an error is. */
export function classify(error: unknown): Fault {
  if (!(error instanceof PipedriveError)) {
    if (isNetworkError(error)) return { kind: 'transient', message: 'the connection broke' };
    return { kind: 'rejected', message: withoutPersonalData(error instanceof Error ? error.message : String(error)) };
  }
  const { status, code } = error;
  const message = [status === 0 ? '' : String(status), code, error.message].filter(Boolean).join(' ');
  const quota = QUOTA_HINTS[code];
  if (quota !== undefined) return { kind: 'quota_exhausted', message, hint: quota };
  if (status === 401 || isRefusedGrant(error))
    return {
      kind: 'auth',
      message,
      hint: 'Check the API token (or client id, secret and refresh token); a token ends when its user makes a new one or is deactivated.',
    };
  if (status === 402) return { kind: 'rejected', message, hint: "The company's Pipedrive account is not paid for." };
  if (status === 403)
    return {
      kind: 'auth',
      message,
      hint: 'Give the user (or the scopes of the app) access: deals:read, contacts:read, recents:read, users:read and the fields.',
    };
  if (status === 429) return { kind: 'rate_limited', message, retryAfterMs: error.retryAfterMs ?? BURST_WINDOW_MS };
  if (status === 0 || status === 408 || status >= 500) {
    return {
      kind: 'transient',
      message,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    };
  }
  if (status === 410) return { kind: 'rejected', message, hint: 'Pipedrive has ended this API: update revops.' };
  return { kind: 'rejected', message };
}

// --- internal ---

/** The burst limit counts the requests of the last two seconds. */
const BURST_WINDOW_MS = 2_000;

const QUOTA_HINTS: Record<string, string> = {
  [SHARE_USED]: 'Run again tomorrow, or let it use more with `dailyTokenShare`.',
  [TOKENS_USED]:
    "The company's tokens of the day are used up; they come back at midnight in the time zone of its data centre.",
  [BLOCKED]:
    'Pipedrive blocks who goes on after being told to wait. Run again later, and lower `requestsPerTwoSeconds` to what the plan allows.',
};

/** The wait asked for in an answer about the day's tokens is of no use: they come back at midnight. */
function ownCode(status: number, headers: Record<string, string>, isJson: boolean): string | undefined {
  if (status === 429 && headers['x-daily-ratelimit-token-remaining'] === '0') return TOKENS_USED;
  return status === 403 && !isJson ? BLOCKED : undefined;
}

/** `Retry-After`, or the seconds until the burst limit starts anew, whichever is longer. */
function waitAsked(headers: Record<string, string>, now: Date): number | undefined {
  const asked = [
    retryAfterMs(headers['retry-after'], now),
    headers['x-ratelimit-remaining'] === '0' ? retryAfterMs(headers['x-ratelimit-reset'], now) : undefined,
  ].filter((wait) => wait !== undefined);
  return asked.length === 0 ? undefined : Math.max(...asked);
}

/** The token service tells its refusals with 400. */
function isRefusedGrant({ status, code, message }: PipedriveError): boolean {
  return status === 400 && /^invalid[ _](grant|client)/i.test(`${code} ${message}`.trim());
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return { error: 'the explanation was cut off' };
  }
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
