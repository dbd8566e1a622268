/**
 * The state of the systems that feed the warehouse, in numbers: the rows of `stack_audit`.
 */
import type { Session } from '../warehouse/contract.ts';

export interface StackMeasure {
  [column: string]: string | number | boolean | null;
  /**
   * `dead_source`: hours since its data ends, of those allowed; `duplicate_contacts`, `unknown_source`: contacts, of all;
   * `unused_field`: records that have it, of all.
   */
  measure: 'dead_source' | 'duplicate_contacts' | 'unknown_source' | 'unused_field';
  /** Connector and stream; CRM; CRM and field. */
  subject: string;
  /** Null: the source was never loaded. */
  found: number | null;
  out_of: number;
  share: number | null;
  /** Whether it is more than the checks allow. */
  is_bad: boolean;
}

/** Everything that is measured, by measure and subject. */
export async function readStack(session: Session): Promise<StackMeasure[]> {
  const rows = await session.query<StackMeasure>(
    'select measure, subject, found, out_of, share, is_bad from marts.stack_audit',
  );
  return rows.toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1));
}

// --- internal ---

function placeOf({ measure, subject }: StackMeasure): string {
  return `${measure}\u0000${subject}`;
}
