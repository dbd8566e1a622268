/**
 * The one family of errors. A message says what happened, where, the value received; the hint says what to do.
 * Codes are stable and documented in docs/errors.md.
 */

/** Every stable error code, with the exit code of a command that ends on it. */
export const ERROR_CODES = {
  INTERNAL: 1,
  USAGE: 2,
  CONFIG_NOT_FOUND: 2,
  CONFIG_INVALID: 2,
  SECRET_MISSING: 2,
  AUTH_FAILED: 1,
  REQUEST_REJECTED: 1,
  SOURCE_UNAVAILABLE: 1,
  QUOTA_EXHAUSTED: 4,
  PARTIAL: 4,
  TIME_BUDGET: 4,
  STREAM_CONTRACT: 1,
  SHRINK_REFUSED: 1,
  CONTROL_TOTAL: 1,
  SPOOL_FAILED: 1,
  WAREHOUSE_UNREACHABLE: 1,
  WAREHOUSE_READ_ONLY: 1,
  WAREHOUSE_FAILED: 1,
  LEASE_BUSY: 3,
  LEASE_LOST: 1,
  SCHEMA_DRIFT: 1,
  MODEL_INVALID: 2,
  MODEL_CYCLE: 2,
  MODEL_UNKNOWN_RELATION: 2,
  TRACKING_PLAN_INVALID: 2,
  CASE_INVALID: 2,
  CASES_FAILED: 1,
  BUILD_FAILED: 1,
  AUDIT_FAILED: 5,
  NO_LOCK: 5,
  GRANULARITY_MISMATCH: 5,
  LOCK_CHANGED: 5,
  LEDGER_CHANGED: 5,
  OUT_OF_TOLERANCE: 5,
  ROLLBACK_REFUSED: 5,
  EXPORT_REFUSED: 5,
  EXPORT_FAILED: 1,
  CHECK_FAILED: 5,
  STALE_DATA: 5,
  ALERT_FAILED: 1,
  UNHEALTHY: 1,
  CANCELLED: 1,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface RevopsErrorOptions {
  /** What the reader can do about it: one sentence. */
  hint?: string;
  /** Whether doing the same again later can succeed. Default false. */
  retryable?: boolean;
  cause?: unknown;
}

export class RevopsError extends Error {
  override readonly name = 'RevopsError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: RevopsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
  }

  /** The exit code of a command that ends on this error. */
  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

export function isRevopsError(error: unknown, code?: ErrorCode): error is RevopsError {
  return error instanceof RevopsError && (code === undefined || error.code === code);
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : JSON.stringify(error);
  return text.replace(/\s+/g, ' ').trim();
}
