/**
 * The record every writing command leaves in `revops.runs`.
 */
import { isRevopsError } from '../errors.ts';
import type { SyncReport } from '../sync/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { packageVersion } from './package-root.ts';

export interface RunRecord {
  runId: string;
  command: string;
  startedAt: Date;
  /** Records older than this are forgotten: `runs.keepDays` of the config. */
  keepDays: number;
}

/**
 * Written before the work begins, so that a killed run leaves its trace. Call it under the lease: a run that is still
 * `running` then was killed.
 */
export async function beginRun(session: Session, { runId, command, startedAt, keepDays }: RunRecord): Promise<void> {
  await session.execute(...statement(state('runs').where({ status: 'running' }).update({ status: 'killed' })));
  await forgetRuns(session, new Date(startedAt.getTime() - keepDays * 86_400_000));
  await session.execute(
    ...statement(
      state('runs').insert({
        run_id: runId,
        command,
        started_at: startedAt.toISOString(),
        finished_at: null,
        status: 'running',
        version: packageVersion(),
        summary: null,
      }),
    ),
  );
}

export async function endRun(session: Session, runId: string, at: Date, status: string): Promise<void> {
  const change = { finished_at: at.toISOString(), status };
  await session.execute(...statement(state('runs').where({ run_id: runId }).update(change)));
}

/** Keeps what a run has achieved so far, at once: it stays, however the run ends. */
export async function noteRun(session: Session, runId: string, summary: object): Promise<void> {
  const change = { summary: JSON.stringify(summary) };
  await session.execute(...statement(state('runs').where({ run_id: runId }).update(change)));
}

/** A run whose record is open. */
export interface OpenRun {
  runId: string;
  /** Adds to what the record says was achieved; see `noteRun`. */
  note(achieved: object): Promise<void>;
}

/**
 * Does a command's work with a record of it: one that fails is recorded as failed, one that a signal ends as stopped, with
 * what it achieved before.
 */
export async function recorded<T>(
  session: Session,
  { command, now, onRun }: { command: string; now(): Date; onRun?(runId: string): void },
  { keepDays }: { keepDays: number },
  work: (run: OpenRun) => Promise<{ result: T; status: string }>,
): Promise<T> {
  const runId = crypto.randomUUID();
  onRun?.(runId);
  await beginRun(session, { runId, command, startedAt: now(), keepDays });
  const achieved = {};
  try {
    const { result, status } = await work({
      runId,
      note: (more) => noteRun(session, runId, Object.assign(achieved, more)),
    });
    await endRun(session, runId, now(), status);
    return result;
  } catch (error) {
    // without a warehouse the record stays `running`, which the next run reads as killed
    const status = isRevopsError(error, 'CANCELLED') ? 'stopped' : 'failed';
    await endRun(session, runId, now(), status).catch(() => undefined);
    throw error;
  }
}

/**
 * Deletes the records of runs and of their models that began before an instant; gives how many runs. Those that say when a
 * stream was last read completely stay, and so do builds: what is published names them.
 */
export async function forgetRuns(session: Session, before: Date): Promise<number> {
  const old = await session.query<{ run_id: string }>(
    ...statement(
      state('runs')
        .where('started_at', '<', before.toISOString())
        .whereNot({ status: 'running' })
        .orderBy('started_at')
        .select('run_id'),
    ),
  );
  if (old.length === 0) return 0;
  const needed = new Set((await completeReads(session)).values().map(({ runId }) => runId));
  const ids = old.map(({ run_id }) => run_id).filter((id) => !needed.has(id));
  for (let from = 0; from < ids.length; from += BATCH) {
    for (const table of ['model_runs', 'runs']) {
      await session.execute(
        ...statement(
          state(table)
            .whereIn('run_id', ids.slice(from, from + BATCH))
            .delete(),
        ),
      );
    }
  }
  return ids.length;
}

/** What the record keeps of a sync: the state of each stream. */
export function syncSummary(report: SyncReport): object {
  return {
    streams: Object.fromEntries(
      report.streams.map(({ connector, stream, status }) => [`${connector}.${stream}`, status]),
    ),
  };
}

/** When the last sync that brought a stream fully up to date began, by `connector.stream`; ISO 8601. */
export async function lastCompleteReads(session: Session): Promise<Map<string, string>> {
  return new Map([...(await completeReads(session))].map(([stream, { startedAt }]) => [stream, startedAt]));
}

// --- internal ---

/** Ids of one statement. */
const BATCH = 500;

async function completeReads(session: Session): Promise<Map<string, { runId: string; startedAt: string }>> {
  const rows = await session.query<{ run_id: string; started_at: string; summary: string }>(
    ...statement(state('runs').whereNotNull('summary').orderBy('started_at').select('run_id', 'started_at', 'summary')),
  );
  const last = new Map<string, { runId: string; startedAt: string }>();
  for (const { run_id: runId, started_at: startedAt, summary } of rows) {
    const { streams = {} } = JSON.parse(summary) as { streams?: Record<string, string> };
    for (const [stream, status] of Object.entries(streams)) if (status === 'ok') last.set(stream, { runId, startedAt });
  }
  return last;
}
