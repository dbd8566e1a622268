/**
 * What a report of a sync says that cases are about.
 */
import type { SyncReport } from '../sync/contract.ts';

export function failuresOf(report: SyncReport) {
  return report.streams
    .filter(({ status }) => status !== 'ok')
    .map(({ stream, status, error }) => ({
      stream,
      status,
      code: error?.code,
      message: error?.message,
      retryable: error?.retryable,
      hasHint: error?.hint !== undefined,
    }));
}

export function changesOf(report: SyncReport) {
  return report.streams
    .filter(({ rows: { loaded, deleted, vanished } }) => loaded + deleted + vanished > 0)
    .map(({ stream, rows }) => ({ stream, rows }));
}
