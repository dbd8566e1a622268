/**
 * The record every writing command leaves in `revops.runs`.
 */
import type { SyncReport } from '../sync/contract.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import { packageVersion } from './package-root.ts';

export interface RunRecord {
  runId: string;
  command: string;
  startedAt: Date;
}

/** Written before the work begins, so that a killed run leaves its trace. */
export async function beginRun(session: Session, { runId, command, startedAt }: RunRecord): Promise<void> {
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

export async function endRun(
  session: Session,
  runId: string,
  at: Date,
  status: string,
  summary: object | null,
): Promise<void> {
  const change = { finished_at: at.toISOString(), status, summary: summary === null ? null : JSON.stringify(summary) };
  await session.execute(...statement(state('runs').where({ run_id: runId }).update(change)));
}

/** Does a command's work with a record of it: one that fails is recorded as failed. */
export async function recorded<T>(
  session: Session,
  { command, now }: { command: string; now(): Date },
  work: (runId: string) => Promise<{ result: T; status: string; summary: object | null }>,
): Promise<T> {
  const runId = crypto.randomUUID();
  await beginRun(session, { runId, command, startedAt: now() });
  try {
    const { result, status, summary } = await work(runId);
    await endRun(session, runId, now(), status, summary);
    return result;
  } catch (error) {
    // without a warehouse the record stays `running`, which the next run reads as killed
    await endRun(session, runId, now(), 'failed', null).catch(() => undefined);
    throw error;
  }
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
  const rows = await session.query<{ started_at: string; summary: string }>(
    ...statement(state('runs').whereNotNull('summary').orderBy('started_at').select('started_at', 'summary')),
  );
  const last = new Map<string, string>();
  for (const { started_at, summary } of rows) {
    const { streams = {} } = JSON.parse(summary) as { streams?: Record<string, string> };
    for (const [stream, status] of Object.entries(streams)) if (status === 'ok') last.set(stream, started_at);
  }
  return last;
}
