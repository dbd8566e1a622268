/**
 * The log of what was written into other systems: ids and names of fields, never values.
 */
import type { RecordKind } from '../connector/write.ts';
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';

export interface WrittenRecord {
  kind: RecordKind;
  id: string;
  fields: readonly string[];
  outcome: 'written' | 'rolled_back' | 'failed';
  /** Why it failed; null where it did not. */
  message: string | null;
}

/** Writes down what became of records. `forced`: errors of checks that were overruled, as JSON. */
export async function logWritten(
  session: Session,
  run: { runId: string; connector: string; at: Date; forced: string | null },
  records: readonly WrittenRecord[],
): Promise<void> {
  const rows = records.map(({ kind, id, fields, outcome, message }) => ({
    run_id: run.runId,
    connector: run.connector,
    kind,
    record_id: id,
    fields: fields.join(','),
    outcome,
    message,
    written_at: run.at.toISOString(),
    forced: run.forced,
  }));
  for (let from = 0; from < rows.length; from += BATCH) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await session.execute(...statement(state('written_records').insert(rows.slice(from, from + BATCH))));
  }
}

// --- internal ---

/** Rows of one statement: Postgres takes 65,535 parameters. */
const BATCH = 500;
