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
  if (/file system operations are disabled/i.test(message)) {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location}: a query reads the warehouse and no files`, {
      hint: 'Load the file by the connector `files`, or read it with another program.',
    });
  }
  if (isDamaged(message)) return damaged('WAREHOUSE_FAILED', location, message, error);
  if (/read-only mode|read-only file system|attached in read-only|permission denied/i.test(message)) {
    return new RevopsError('WAREHOUSE_READ_ONLY', `${location} can only be read: ${message}`, { cause: error });
  }
  if (isFull(message)) return full('WAREHOUSE_FAILED', location, message, error);
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
  if (isFull(message)) return full('WAREHOUSE_UNREACHABLE', location, message, error);
  if (isDamaged(message)) return damaged('WAREHOUSE_UNREACHABLE', location, message, error);
  return new RevopsError('WAREHOUSE_UNREACHABLE', `${location} cannot be opened: ${message}`, { cause: error });
}

// --- internal ---

type DiskCode = 'WAREHOUSE_FAILED' | 'WAREHOUSE_UNREACHABLE';

/** Whatever else fails after it, DuckDB names the first cause. */
function isFull(message: string): boolean {
  return /no space left on device|disk quota exceeded|file too large/i.test(message);
}

function full(code: DiskCode, location: string, message: string, cause: unknown): RevopsError {
  return new RevopsError(code, `${location}: the disk is full: ${message}`, {
    hint: 'Free some space and run the same command again; nothing half-written is kept.',
    retryable: true,
    cause,
  });
}

/** A file of which a part is missing or overwritten: by a full disk, a copy that broke off, the disk itself. */
function isDamaged(message: string): boolean {
  return /corrupt database file|checksum .* does not match|could not read enough bytes/i.test(message);
}

function damaged(code: DiskCode, location: string, message: string, cause: unknown): RevopsError {
  return new RevopsError(code, `${location} is damaged: ${message}`, {
    hint: 'Restore it from a backup. Without one move it away and run `revops run`: all that sources still have is loaded again; frozen credits and history are not.',
    cause,
  });
}
