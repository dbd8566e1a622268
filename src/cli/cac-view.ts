/**
 * What every answer of `revops cac` is: rows out of the marts, and how they look.
 */
import type { Session } from '../warehouse/contract.ts';
import type { CacMarts } from './cac-marts.ts';
import type { CacQuestion } from './cac-question.ts';

export interface AnswerRow {
  [column: string]: string | number | boolean | null | undefined;
  /** Channel, or the key of what was asked by. */
  channel: string;
  /** Decimal text; null where an exchange rate is missing. */
  spend: string | null;
  customers: number;
  attribution_model: string;
  /** Null where the last build had no lock. */
  baseline_id: string | null;
}

export interface CacView<Row extends AnswerRow> {
  rows(session: Session, question: CacQuestion, marts: CacMarts): Promise<Row[]>;
  title(question: CacQuestion): string;
  table(rows: readonly Row[], question: CacQuestion, currency: string, width: number): string;
  /** Lines under the table. */
  notes(rows: readonly Row[], question: CacQuestion): string[];
  /** The rows in which every customer is counted once. Default: all. */
  counted?(rows: readonly Row[]): Row[];
}
