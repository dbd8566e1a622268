/**
 * What a sync did: per stream, as a table, as data, and the error it ends with.
 */
import { ERROR_CODES, type ErrorCode, RevopsError } from '../errors.ts';
import type { StreamReport, SyncReport } from '../sync/contract.ts';
import { failureOf } from './failure.ts';
import { count, duration, plural, rate } from './format.ts';
import { renderTable } from './table.ts';

/** One stream on one line. */
export function streamLine({ status, rows, milliseconds, error }: StreamReport): string {
  const changes = [
    `${count(rows.read)} read`,
    `${count(rows.loaded)} loaded`,
    ...(rows.deleted > 0 ? [`${count(rows.deleted)} deleted`] : []),
    ...(rows.vanished > 0 ? [`${count(rows.vanished)} vanished`] : []),
    ...(rows.rejected > 0 ? [`${count(rows.rejected)} rejected`] : []),
  ];
  const done = `${changes.join(', ')} in ${duration(milliseconds)} (${rate(rows.read, milliseconds)})`;
  return status === 'ok' ? done : `${status}: ${error?.message ?? 'the next run goes on from here'}; ${done}`;
}

/** All streams as a table, with their status where one is not ok, and a line that says whether anything changed. */
export function renderSyncReport(report: SyncReport, width: number): string {
  const isFine = report.streams.every(({ status }) => status === 'ok');
  const table = renderTable(
    [
      { title: 'Stream' },
      ...['Read', 'Loaded', 'Unchanged', 'Deleted', 'Rejected'].map((title) => ({ title, align: 'right' as const })),
      ...(isFine ? [] : [{ title: 'Status' }]),
    ],
    report.streams.map(({ connector, stream, rows, status }) => [
      `${connector}.${stream}`,
      ...[rows.read, rows.loaded, rows.unchanged, rows.deleted + rows.vanished, rows.rejected].map(count),
      ...(isFine ? [] : [status]),
    ]),
    width,
  );
  const waiting = waitingLine(report);
  return `${table}\n\n${summary(report)}${waiting === null ? '' : `\n${waiting}`}`;
}

/** `Not due: google-ads (7 streams) until 2026-03-01 12:00 UTC.`; null where everything was. */
export function waitingLine({ waiting = [] }: SyncReport): string | null {
  if (waiting.length === 0) return null;
  const told = [...Map.groupBy(waiting, ({ connector }) => connector)].map(([connector, streams]) => {
    const first = streams.map(({ dueAt }) => dueAt).toSorted()[0] ?? '';
    return `${connector} (${plural(streams.length, 'stream')}) until ${first.slice(0, 16).replace('T', ' ')} UTC`;
  });
  return `Not due: ${told.join(', ')}.`;
}

/** The report with errors as plain data. */
export function plainSyncReport(report: SyncReport): object {
  return {
    ...report,
    streams: report.streams.map(({ error, ...rest }) =>
      error === undefined ? rest : { ...rest, error: failureOf(error) },
    ),
  };
}

/** The error a sync ends with; undefined where every stream is up to date. */
export function syncFailure(report: SyncReport): RevopsError | undefined {
  const behind = report.streams.filter(({ status }) => status !== 'ok');
  const errors = behind.flatMap(({ error }) => (error === undefined ? [] : [error]));
  if (report.status === 'ok' || behind.length === 0) return undefined;
  const causes = [...new Set(errors.map(({ message }) => message))];
  const code = report.status === 'partial' ? partialCode(errors) : (errors[0]?.code ?? 'PARTIAL');
  const names = behind.map(({ connector, stream }) => `${connector}.${stream}`);
  const listed = names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
  const message = `${plural(behind.length, 'stream')} of ${report.streams.length} not up to date (${listed})`;
  const hint = errors.find((error) => error.hint !== undefined)?.hint;
  return new RevopsError(code, causes.length === 0 ? message : `${message}: ${causes.join('; ')}`, {
    retryable: errors.every((error) => error.retryable),
    ...(hint === undefined ? {} : { hint }),
    ...(errors[0] === undefined ? {} : { cause: errors[0] }),
  });
}

// --- internal ---

function partialCode(errors: readonly RevopsError[]): ErrorCode {
  const [first] = errors;
  const isOne = first !== undefined && errors.every(({ code }) => code === first.code);
  return isOne && ERROR_CODES[first.code] === ERROR_CODES.PARTIAL ? first.code : 'PARTIAL';
}

function summary(report: SyncReport): string {
  const sum = (pick: (rows: StreamReport['rows']) => number): number =>
    report.streams.reduce((total, { rows }) => total + pick(rows), 0);
  const changed = sum((rows) => rows.loaded + rows.deleted + rows.vanished);
  if (changed === 0)
    return `Nothing changed: ${plural(
      sum((rows) => rows.read),
      'row',
    )} read, all as they were.`;
  return `${plural(changed, 'row')} changed in ${plural(report.streams.length, 'stream')}.`;
}
