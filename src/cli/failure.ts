/**
 * How an error looks to people and to programs.
 */
import { isRevopsError, messageOf } from '../errors.ts';

/** The error as data: what `--json` prints, and part of every report. */
export interface Failure {
  code: string;
  message: string;
  hint?: string;
  retryable: boolean;
}

export function failureOf(error: unknown): Failure {
  if (!isRevopsError(error)) return { code: 'INTERNAL', message: messageOf(error), retryable: false };
  return {
    code: error.code,
    message: error.message,
    retryable: error.retryable,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}

/** One message, one hint; with `verbose` the stack and the causes. */
export function renderFailure(error: unknown, options: { verbose: boolean }): string {
  const { code, message, hint } = failureOf(error);
  const advice =
    hint ?? (isRevopsError(error) ? undefined : 'This is a defect of revops: --verbose shows where it happened.');
  const lines = [`error ${code}: ${message}`, ...(advice === undefined ? [] : [`  ${advice}`])];
  if (options.verbose) lines.push('', ...stacks(error));
  return lines.join('\n');
}

/** The exit code a command ends with on this error. */
export function exitCodeOf(error: unknown): number {
  return isRevopsError(error) ? error.exitCode : 1;
}

// --- internal ---

function stacks(error: unknown, depth = 0): string[] {
  if (!(error instanceof Error) || depth > 5) return [];
  const stack = error.stack ?? messageOf(error);
  return [depth === 0 ? stack : `caused by ${stack}`, ...stacks(error.cause, depth + 1)];
}
