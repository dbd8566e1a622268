/**
 * Numbers that somebody wanted in spite of what the checks say: who, when and why.
 */
import type { Session } from '../warehouse/contract.ts';
import { state, statement } from '../warehouse/state/index.ts';
import type { Trust } from './trust.ts';

export interface ForcedAnswer extends Trust {
  /** The command, and what it was asked. */
  command: string;
  /** ISO 8601. */
  at: string;
  by: string;
  reason: string | null;
}

/** Writes it down in `revops.forced_answers`. Under the lease. */
export async function recordForced(
  session: Session,
  { command, at, by, reason, trust, because }: ForcedAnswer,
): Promise<void> {
  const row = { command, forced_at: at, forced_by: by, reason, trust, because: JSON.stringify(because) };
  await session.execute(...statement(state('forced_answers').insert(row)));
}
