/**
 * What a run did on one line: for cron's mail, a log, a status page.
 */
import type { BuildReport } from '../model/index.ts';
import type { Trust } from '../quality/index.ts';
import type { SyncReport } from '../sync/contract.ts';
import { count, duration, plural } from './format.ts';
import { reasonsOf } from './trust.ts';

export interface RunSummary extends Trust {
  runId: string;
  status: SyncReport['status'];
  streams: number;
  /** Streams that are not up to date, with the code of why. */
  left: { stream: string; status: string; code: string | null }[];
  /** Streams that were not due yet. */
  waiting: number;
  /** Rows that were loaded, deleted or went away. */
  rowsChanged: number;
  /** Models that came out otherwise than before. */
  modelsChanged: number;
  milliseconds: number;
}

export function summariseRun(
  synced: SyncReport,
  { relations }: BuildReport,
  trust: Trust,
  milliseconds: number,
): RunSummary {
  const left = synced.streams.filter(({ status }) => status !== 'ok');
  return {
    runId: synced.runId,
    status: synced.status,
    streams: synced.streams.length,
    left: left.map(({ connector, stream, status, error }) => ({
      stream: `${connector}.${stream}`,
      status,
      code: error?.code ?? null,
    })),
    waiting: synced.waiting?.length ?? 0,
    rowsChanged: synced.streams.reduce((sum, { rows }) => sum + rows.loaded + rows.deleted + rows.vanished, 0),
    modelsChanged: relations.filter(({ action, ran }) => action === 'run' && ran !== 'unchanged').length,
    milliseconds: Math.round(milliseconds),
    ...trust,
  };
}

/** `run 4f9d12ab: 12 streams, 1,204 rows, 3 models changed, 41.0 s; trusted`. */
export function summaryLine({ left, because, trust, ...run }: RunSummary): string {
  const streams =
    left.length === 0
      ? plural(run.streams, 'stream')
      : `${count(run.streams - left.length)} of ${plural(run.streams, 'stream')}`;
  const parts = [
    run.waiting === 0 ? streams : `${streams} (${count(run.waiting)} not due)`,
    plural(run.rowsChanged, 'row'),
    `${plural(run.modelsChanged, 'model')} changed`,
    duration(run.milliseconds),
  ];
  const told = left.slice(0, TOLD).map(({ stream, code, status }) => `${stream} (${code ?? status})`);
  const others = left.length > TOLD ? `, and ${count(left.length - TOLD)} more` : '';
  return [
    `run ${run.runId.slice(0, 8)}: ${parts.join(', ')}`,
    ...(left.length === 0 ? [] : [`not up to date: ${told.join(', ')}${others}`]),
    because.length === 0 ? trust : `${trust.toUpperCase()}: ${reasonsOf(because)}`,
  ].join('; ');
}

// --- internal ---

/** Streams named on the line. */
const TOLD = 3;
