/**
 * DuckDB's errors in the project's words.
 */
import { RevopsError, isRevopsError, messageOf } from '../../errors.ts';
import { withoutValues } from '../values-in-messages.ts';

/** The process that has the file open, where DuckDB's message says so; null: this is not about a lock. */
export function lockedBy(error: unknown): string | null {
  const message = messageOf(error);
  if (!/could not set lock on file|being used by another process/i.test(message)) return null;
  const holder = /held in (.+?) \(PID (\d+)\)/.exec(message);
  return holder === null ? 'another process' : `process ${holder[2]} (${holder[1]})`;
}

/** What a failed statement is told as. */
export function statementError(error: unknown, location: string): RevopsError {
  if (isRevopsError(error)) return error;
  const message = withoutValues(messageOf(error));
  if (/read-only mode|read-only file system|attached in read-only|permission denied/i.test(message)) {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location} can only be read: ${message}`, { cause: error });
  }
  if (/no space left on device/i.test(message)) {
    return new RevopsError('WAREHOUSE_FAILED', `${location}: the disk is full: ${message}`, {
      hint: 'Free some space and run the same command again; nothing half-written is kept.',
      retryable: true,
      cause: error,
    });
  }
  return new RevopsError('WAREHOUSE_FAILED', message, {
    retryable: /transaction conflict|write-write conflict|conflict on/i.test(message),
    ...(message === messageOf(error) ? { cause: error } : {}),
  });
}

/** What a file that cannot be opened is told as. */
export function openError(error: unknown, location: string): RevopsError {
  const message = messageOf(error);
  if (/permission denied|read-only file system/i.test(message)) {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location} cannot be written: ${message}`, {
      hint: 'Give this user write permission to the file and its folder, or use another path.',
      cause: error,
    });
  }
  if (/database does not exist/i.test(message)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} does not exist yet`, {
      hint: 'Run `revops run` first.',
      cause: error,
    });
  }
  if (/no such file or directory/i.test(message)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location}: its folder does not exist`, {
      hint: 'Make the folder, or correct `warehouse.path` in the config.',
      cause: error,
    });
  }
  if (/not a valid duckdb database file|is a directory/i.test(message)) {
    return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} is not a DuckDB database file`, {
      hint: 'Correct `warehouse.path` in the config, or move the file away.',
      cause: error,
    });
  }
  return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} cannot be opened: ${message}`, { cause: error });
}
