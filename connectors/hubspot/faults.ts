/**
 * What the platform answers when it refuses, and what kind of fault that is.
 */
import { type Fault, isNetworkError, redact, retryAfterMs } from 'revops/connector';

/** A refusal or an unreadable answer. Carries no request and no record, so that nothing personal travels with it. */
export class HubspotError extends Error {
  override readonly name = 'HubspotError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** The platform's category (`MISSING_SCOPES`) or, for 429, the limit's name (`DAILY`). */
  readonly category: string;
  readonly retryAfterMs: number | undefined;
  /** The scopes a 403 asks for. */
  readonly scopes: readonly string[];

  constructor(
    message: string,
    details: { status: number; category?: string; retryAfterMs?: number | undefined; scopes?: string[] },
  ) {
    super(message);
    this.status = details.status;
    this.category = details.category ?? '';
    this.retryAfterMs = details.retryAfterMs;
    this.scopes = details.scopes ?? [];
  }
}

/** The error for an answer that is not a JSON success; null for one that is. */
export function refusalOf(
  status: number,
  headers: Record<string, string>,
  body: string,
  now: Date,
): HubspotError | null {
  const isJson = (headers['content-type'] ?? '').includes('json');
  if (status < 300) {
    return isJson
      ? null
      : new HubspotError(`status ${status} without JSON: something between answered`, { status: 502 });
  }
  const told = isJson ? parsed(body) : {};
  const category = textOf(told['policyName']) ?? textOf(told['category']) ?? textOf(told['status']) ?? '';
  const message = textOf(told['message']) ?? 'no explanation';
  return new HubspotError(withoutPersonalData(message), {
    status,
    category: category === 'error' ? '' : category,
    retryAfterMs: retryAfterMs(headers['retry-after'], now),
    scopes: scopesOf(told),
  });
}

/** Says what kind of fault an error is. */
export function classify(error: unknown): Fault {
  if (!(error instanceof HubspotError)) {
    if (isNetworkError(error)) return { kind: 'transient', message: 'the connection broke' };
    return { kind: 'rejected', message: withoutPersonalData(error instanceof Error ? error.message : String(error)) };
  }
  const message = [error.status === 0 ? '' : String(error.status), error.category, error.message]
    .filter(Boolean)
    .join(' ');
  const { status } = error;
  if (status === 401 || (status === 400 && /^BAD_|invalid_(grant|client)/i.test(error.category))) {
    return {
      kind: 'auth',
      message,
      hint: 'Check the token (or the client id, secret and refresh token); tokens are revoked when rotated or when the app is removed.',
    };
  }
  if (status === 403) {
    const scopes = error.scopes.join(', ');
    return {
      kind: 'auth',
      message: scopes === '' ? message : `${message} Missing: ${scopes}.`,
      hint:
        scopes === ''
          ? 'Give the token access to this object.'
          : `Grant one of ${scopes} to the app or key, then use its new token${leftOut(error.scopes)}.`,
    };
  }
  if (status === 429) return limited(error, message);
  if (status === 0 || status === 408 || status === 423 || status === 477 || status >= 500)
    return { kind: 'transient', message, ...waitOf(error) };
  return { kind: 'rejected', message };
}

// --- internal ---

/** What the options can do without. */
const OPTIONAL: Readonly<Record<string, string>> = {
  forms: 'forms: false',
  'crm.lists.read': 'lists: false',
  'crm.objects.owners.read': 'owners: false',
  tickets: 'tickets: false',
  'sales-email-read': "activities: ['calls', 'meetings']",
};

function leftOut(scopes: readonly string[]): string {
  const option = scopes.map((scope) => OPTIONAL[scope]).find((found) => found !== undefined);
  return option === undefined ? '' : `; or do without: \`${option}\``;
}

function limited(error: HubspotError, message: string): Fault {
  if (error.category === 'DAILY') {
    return {
      kind: 'quota_exhausted',
      message,
      hint: "The account's calls of the day are used up; they start anew at midnight in the account's time zone.",
    };
  }
  const usual = error.category === 'SECONDLY' ? 1_000 : 10_000;
  return { kind: 'rate_limited', message, retryAfterMs: error.retryAfterMs ?? usual };
}

function waitOf(error: HubspotError): { retryAfterMs?: number } {
  return error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs };
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return { message: 'the explanation was cut off' };
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function scopesOf(told: Record<string, unknown>): string[] {
  const errors = Array.isArray(told['errors']) ? (told['errors'] as { context?: Record<string, unknown> }[]) : [];
  return errors.flatMap((error) =>
    [error.context?.['requiredGranularScopes'], error.context?.['requiredScopes']].flatMap((scopes) =>
      Array.isArray(scopes) ? scopes.map(String) : [],
    ),
  );
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
