/**
 * The frozen clock: `--now`, or the environment variable `REVOPS_NOW` (a demo's `.env` sets it).
 */
import { RevopsError } from '../errors.ts';

/** A day (its first instant in UTC) or an instant with its offset; USAGE for anything else. `origin` is for the message. */
export function parseInstant(written: string, origin: string): Date {
  const withTime = /^\d{4}-\d{2}-\d{2}$/.test(written) ? `${written}T00:00:00Z` : written;
  const date = new Date(withTime);
  if (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/.test(withTime) &&
    !Number.isNaN(date.getTime())
  ) {
    return date;
  }
  throw new RevopsError('USAGE', `${origin}: ${JSON.stringify(written)} is no instant`, {
    hint: 'Give a day (2026-10-31) or a time with its offset (2026-10-31T06:00:00Z).',
  });
}

/** What `REVOPS_NOW` says; undefined where it is not set. */
export function instantOfEnvironment(): Date | undefined {
  const written = process.env['REVOPS_NOW'];
  return written === undefined || written === '' ? undefined : parseInstant(written, 'REVOPS_NOW');
}
