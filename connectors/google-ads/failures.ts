/**
 * What the platform answers instead of rows, kept raw: the SDK loses the status and the wait it asks for.
 */
export interface AdsFailure {
  /** `quotaError`, `queryError`, … : the kind of the one-of. */
  kind: string;
  /** `RESOURCE_EXHAUSTED`, … */
  code: string;
  message: string;
  rateName: string | undefined;
  retryAfterMs: number | undefined;
}

/** A request the platform refused, before or in the middle of the rows. */
export class GoogleAdsRequestError extends Error {
  override readonly name = 'GoogleAdsRequestError';
  readonly status: number;
  readonly failures: readonly AdsFailure[];
  readonly requestId: string | undefined;
  /** The `Retry-After` header. */
  readonly retryAfter: string | undefined;

  constructor(answer: {
    status: number;
    body: unknown;
    requestId: string | undefined;
    retryAfter?: string | undefined;
  }) {
    const error = errorOf(answer.body);
    const failures = failuresOf(error);
    super(
      failures[0]?.message ?? textOf(error?.['message']) ?? `HTTP status ${answer.status} without a readable error`,
    );
    this.status = numberOf(error?.['code']) ?? answer.status;
    this.failures = failures;
    this.requestId = answer.requestId ?? textOf(detailsOf(error)[0]?.['requestId']);
    this.retryAfter = answer.retryAfter;
  }

  has(kind: string, code?: string): boolean {
    return this.failures.some((failure) => failure.kind === kind && (code === undefined || failure.code === code));
  }
}

/** The body of a stream that is no complete array of batches: cut off, or not JSON. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** A refusal of the token endpoint. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  readonly status: number;
  /** OAuth's error: `invalid_grant`, `invalid_client`, … */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, description: string | undefined) {
    super(`no access token: ${[code ?? `HTTP status ${status}`, description].filter(Boolean).join(', ')}`);
    this.status = status;
    this.code = code;
  }
}

/** Seconds as the platform writes durations (`40591s`, `1.5s`), in milliseconds. */
export function durationMs(written: unknown): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(typeof written === 'string' ? written : '')?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}

// --- internal ---

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** `{ error }` of a single answer, or the first one of a stream's array. */
function errorOf(body: unknown): Json | undefined {
  const candidates = Array.isArray(body) ? (body as unknown[]) : [body];
  for (const candidate of candidates)
    if (isObject(candidate) && isObject(candidate['error'])) return candidate['error'];
  return undefined;
}

function detailsOf(error: Json | undefined): Json[] {
  const details = error?.['details'];
  return Array.isArray(details) ? details.filter((detail) => isObject(detail) && Array.isArray(detail['errors'])) : [];
}

function failuresOf(error: Json | undefined): AdsFailure[] {
  return detailsOf(error).flatMap((detail) => (detail['errors'] as unknown[]).filter(isObject).map(failureOf));
}

function failureOf(error: Json): AdsFailure {
  const [kind = 'unknown', code = 'UNKNOWN'] =
    Object.entries(isObject(error['errorCode']) ? error['errorCode'] : {})[0] ?? [];
  const details = isObject(error['details']) ? error['details'] : {};
  const quota = isObject(details['quotaErrorDetails']) ? details['quotaErrorDetails'] : {};
  return {
    kind,
    code: String(code),
    message: textOf(error['message']) ?? String(code),
    rateName: textOf(quota['rateName']),
    retryAfterMs: durationMs(quota['retryDelay']),
  };
}
