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
  /** Written with others, or after a quarter of a second: of what runs longer there is a record that survives a kill. */
  started(run: StartedRun): Promise<void>;
  ended(run: EndedRun): void;
  tested(run: TestedRun): void;
  /** Writes what is still to be written; throws what went wrong with any of the records. */
  flush(): Promise<void>;
}

/** Records in one commit: one for every relation would cost a small build a tenth of its time. */
const MOST = 10;
const WAIT_MS = 250;

/** Records the runs of one build's relations; one commit at a time, in the order in which it was told. */
export function recordModelRuns(warehouse: Warehouse): ModelRuns {
  const records = new Map<string, RunRecord>();
  const written = new Set<string>();
  let waiting = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const write = (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const told = [...waiting].flatMap((name) => records.get(name) ?? []);
    const replaced = told.filter(({ model }) => written.has(model));
    waiting = new Set();
    for (const { model } of told) written.add(model);
    if (told.length > 0) last = last.then(() => warehouse.transaction((session) => rewrite(session, replaced, told)));
    return last;
  };
  const tell = (name: string, columns: Omit<RunRecord, 'model'>): void => {
    records.set(name, { ...records.get(name), ...columns, model: name });
    waiting.add(name);
    // `flush` throws what fails here
    timer ??= setTimeout(() => void write().catch(() => undefined), WAIT_MS);
  };
  return {
    async started({ runId, buildId, name, action, reason, now }) {
      const given = { run_id: runId, build_id: buildId, action, reason, started_at: now };
      tell(name, { ...given, status: 'running' });
      if (waiting.size >= MOST) await write();
    },
    ended({ name, status, rows, milliseconds, ran, written: added, removed, because, rowsRead, error, now }) {
      tell(name, {
        status,
        rows,
        milliseconds: Math.round(milliseconds),
        error,
        mode: ran,
        rows_written: added,
        rows_removed: removed,
        rows_unchanged: ran === 'incremental' && rows !== null && added !== null ? rows - added : null,
        because: because ?? null,
        rows_read: rowsRead,
        finished_at: now,
      });
    },
    tested: ({ name, status, tests }) => tell(name, { status, warnings: JSON.stringify(tests) }),
    flush: write,
  };
}

// --- internal ---

/** A row of `revops.model_runs`; what is not told is NULL. */
interface RunRecord {
  run_id?: string;
  build_id?: string;
  model: string;
  action?: string;
  reason?: string;
  status?: string;
  started_at?: Date;
  finished_at?: Date;
  rows?: number | null;
  milliseconds?: number;
  mode?: string | null;
  rows_read?: number | null;
  rows_written?: number | null;
  rows_removed?: number | null;
  rows_unchanged?: number | null;
  because?: string | null;
  warnings?: string;
  error?: string | null;
}

/** Many rows in two statements: one for each row would cost a small build as much as its models. */
async function rewrite(session: Session, replaced: readonly RunRecord[], told: readonly RunRecord[]): Promise<void> {
  const [first] = replaced;
  if (first !== undefined) {
    const models = replaced.map(({ model }) => model);
    const known = state('model_runs').where({ build_id: first.build_id }).whereIn('model', models);
    await session.execute(...statement(known.delete()));
  }
  await session.execute(...statement(state('model_runs').insert(told)));
}
