/**
 * The records of relations' runs, in schema `revops`, while a build goes on.
 */
import type { Session, Warehouse } from '../../warehouse/contract.ts';
import { state, statement } from '../../warehouse/state/index.ts';

export interface StartedRun {
  runId: string;
  buildId: string;
  name: string;
  action: string;
  reason: string;
  now: Date;
}

export interface EndedRun {
  buildId: string;
  name: string;
  status: 'ok' | 'failed';
  rows: number | null;
  milliseconds: number;
  ran: string | null;
  written: number | null;
  removed: number | null;
  because?: string;
  rowsRead: number | null;
  error: string | null;
  now: Date;
}

/** Which of a relation's tests found rows. */
export interface TestedRun {
  buildId: string;
  name: string;
  status: 'warned' | 'failed';
  tests: readonly string[];
}

export interface ModelRuns {
  /** Written at once, so that it survives a kill, together with what ended since the last. */
  started(run: StartedRun): Promise<void>;
  /** Written with the next that starts, or by `flush`: a commit a relation costs a small build a fifth of its time. */
  ended(run: EndedRun): void;
  tested(run: TestedRun): void;
  /** Writes what is still to be written. */
  flush(): Promise<void>;
}

/** Records the runs of one build's relations; one commit at a time, in the order in which it was told. */
export function recordModelRuns(warehouse: Warehouse): ModelRuns {
  let waiting: Statement[] = [];
  let last: Promise<void> = Promise.resolve();

  const write = (): Promise<void> => {
    const statements = waiting;
    waiting = [];
    if (statements.length > 0) last = last.then(() => warehouse.transaction((session) => execute(session, statements)));
    return last;
  };
  return {
    started(run) {
      waiting.push(insertOf(run));
      return write();
    },
    ended: (run) => void waiting.push(endOf(run)),
    tested: (run) => void waiting.push(testsOf(run)),
    flush: write,
  };
}

// --- internal ---

type Statement = ReturnType<typeof statement>;

async function execute(session: Session, statements: readonly Statement[]): Promise<void> {
  for (const one of statements) await session.execute(...one);
}

function insertOf({ runId, buildId, name, action, reason, now }: StartedRun): Statement {
  const row = { run_id: runId, build_id: buildId, model: name, action, reason, status: 'running', started_at: now };
  return statement(state('model_runs').insert(row));
}

function endOf(run: EndedRun): Statement {
  const { buildId, name, status, rows, milliseconds, ran, written, removed, because, rowsRead, error, now } = run;
  const unchanged = ran === 'incremental' && rows !== null && written !== null ? rows - written : null;
  return statement(
    state('model_runs')
      .where({ build_id: buildId, model: name })
      .update({
        status,
        rows,
        milliseconds: Math.round(milliseconds),
        error,
        mode: ran,
        rows_written: written,
        rows_removed: removed,
        rows_unchanged: unchanged,
        because: because ?? null,
        rows_read: rowsRead,
        finished_at: now,
      }),
  );
}

function testsOf({ buildId, name, status, tests }: TestedRun): Statement {
  return statement(
    state('model_runs')
      .where({ build_id: buildId, model: name })
      .update({ status, warnings: JSON.stringify(tests) }),
  );
}
