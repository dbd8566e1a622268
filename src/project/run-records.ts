/**
 * The records of runs, read back: syncs, builds and what else wrote into the warehouse.
 */
import { RevopsError } from '../errors.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';

export interface RunSummary {
  runId: string;
  command: string;
  startedAt: string;
  finishedAt: string | null;
  /** `killed`: it ended without saying so. */
  status: string;
  version: string;
  /** Builds it made, with their status. */
  builds: { buildId: string; status: string }[];
  /** Rows its loads brought, and rows its builds put into tables. */
  rowsLoaded: number;
  rowsWritten: number;
}

export interface StreamRecord {
  stream: string;
  loads: number;
  read: number;
  loaded: number;
  unchanged: number;
  rejected: number;
  deleted: number;
  vanished: number;
  requests: number | null;
}

export interface ModelRecord {
  buildId: string;
  model: string;
  action: string;
  /** `ok`, `warned`, `failed`, `killed`, `running`. */
  status: string;
  mode: string | null;
  reason: string | null;
  /** Why a model with a key was built whole. */
  because: string | null;
  rowsRead: number | null;
  rows: number | null;
  written: number | null;
  removed: number | null;
  unchanged: number | null;
  milliseconds: number | null;
  startedAt: string | null;
  /** Tests that found rows. */
  tests: string[];
  error: string | null;
}

export interface RunRecordDetail extends RunSummary {
  streams: StreamRecord[];
  models: ModelRecord[];
}

/** The last runs, newest first. `isHeld`: whether some run holds the warehouse now; where none does, none is running. */
export async function readRuns(session: Session, limit: number, isHeld: boolean): Promise<RunSummary[]> {
  const runs = await session.query<RunRow>(
    ...statement(state('runs').orderBy('started_at', 'desc').orderBy('run_id').limit(limit).select()),
  );
  const newest = runs[0]?.run_id;
  const ids = runs.map(({ run_id }) => run_id);
  const builds = await session.query<{ run_id: string; build_id: string; status: string }>(
    ...statement(state('builds').whereIn('run_id', ids).select('run_id', 'build_id', 'status')),
  );
  const loaded = await session.query<Total>(
    ...statement(
      state('loads').whereIn('run_id', ids).groupBy('run_id').select('run_id').sum({ total: 'rows_loaded' }),
    ),
  );
  const written = await session.query<Total>(
    ...statement(
      state('model_runs').whereIn('run_id', ids).groupBy('run_id').select('run_id').sum({ total: 'rows_written' }),
    ),
  );
  const of = (rows: readonly Total[], id: string): number =>
    Number(rows.find(({ run_id }) => run_id === id)?.total ?? 0);
  return runs.map((row) => {
    const isOver = row.status === 'running' && !(isHeld && row.run_id === newest);
    return {
      runId: row.run_id,
      command: row.command,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      status: isOver ? 'killed' : row.status,
      version: row.version,
      builds: builds
        .filter(({ run_id }) => run_id === row.run_id)
        .map(({ build_id, status }) => ({
          buildId: build_id,
          status: isOver && status === 'running' ? 'killed' : status,
        })),
      rowsLoaded: of(loaded, row.run_id),
      rowsWritten: of(written, row.run_id),
    };
  });
}

/** One run in full, by its id, the beginning of it, or a build it made. USAGE where there is none, or more than one. */
export async function readRun(session: Session, written: string, isHeld: boolean): Promise<RunRecordDetail> {
  const all = await readRuns(session, ALL, isHeld);
  const found = all.filter(
    ({ runId, builds }) => runId.startsWith(written) || builds.some(({ buildId }) => buildId === written),
  );
  const [run] = found;
  if (run === undefined || found.length > 1) {
    const what = run === undefined ? 'there is no record of a run' : `${found.length} runs begin with`;
    throw new RevopsError('USAGE', `${what} ${JSON.stringify(written)}`, {
      hint: '`revops runs` lists them; a run is named by its id, the beginning of it, or its build (b12).',
    });
  }
  return { ...run, streams: await streamsOf(session, run.runId), models: await modelsOf(session, run) };
}

// --- internal ---

/** More than the retention keeps of any cron. */
const ALL = 1_000_000;

/** The sum of bigints is a decimal on Postgres, which comes as text. */
interface Total {
  run_id: string;
  total: string | number | null;
}

interface RunRow {
  run_id: string;
  command: string;
  started_at: string;
  finished_at: string | null;
  status: string;
  version: string;
}

async function streamsOf(session: Session, runId: string): Promise<StreamRecord[]> {
  const counts = ['read', 'loaded', 'unchanged', 'rejected', 'deleted', 'vanished'] as const;
  const rows = await session.query<Record<string, string | number | null>>(
    ...statement(
      state('loads')
        .where({ run_id: runId })
        .groupBy('connector', 'stream')
        .orderBy(['connector', 'stream'])
        .select('connector', 'stream')
        .count({ loads: '*' })
        .sum(Object.fromEntries([...counts.map((count) => [count, `rows_${count}`]), ['requests', 'requests']])),
    ),
  );
  const number = (value: string | number | null | undefined): number => Number(value ?? 0);
  return rows.map((row) => ({
    stream: `${row['connector'] ?? ''}.${row['stream'] ?? ''}`,
    loads: number(row['loads']),
    read: number(row['read']),
    loaded: number(row['loaded']),
    unchanged: number(row['unchanged']),
    rejected: number(row['rejected']),
    deleted: number(row['deleted']),
    vanished: number(row['vanished']),
    requests: row['requests'] === null || row['requests'] === undefined ? null : Number(row['requests']),
  }));
}

async function modelsOf(session: Session, { runId, status }: RunSummary): Promise<ModelRecord[]> {
  const rows = await session.query<Record<string, string | number | null>>(
    ...statement(state('model_runs').where({ run_id: runId }).orderBy(['build_id', 'started_at', 'model']).select()),
  );
  const text = (value: string | number | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  const number = (value: string | number | null | undefined): number | null =>
    value === null || value === undefined ? null : Number(value);
  return rows.map((row) => ({
    buildId: String(row['build_id']),
    model: String(row['model']),
    action: String(row['action']),
    status: row['status'] === 'running' && status === 'killed' ? 'killed' : String(row['status']),
    mode: text(row['mode']),
    reason: text(row['reason']),
    because: text(row['because']),
    rowsRead: number(row['rows_read']),
    rows: number(row['rows']),
    written: number(row['rows_written']),
    removed: number(row['rows_removed']),
    unchanged: number(row['rows_unchanged']),
    milliseconds: number(row['milliseconds']),
    startedAt: text(row['started_at']),
    tests: JSON.parse(text(row['warnings']) ?? '[]') as string[],
    error: text(row['error']),
  }));
}
