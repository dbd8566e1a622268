/**
 * What a data test found.
 */
import type { Row } from '../../warehouse/types.ts';
import type { Severity } from '../contract.ts';

export interface TestFailure {
  relation: string;
  schema: string;
  /** `not_null credit`. */
  test: string;
  severity: Severity;
  file: string;
  line: number;
  /** Failing rows (or groups of rows). */
  count: number;
  /** The first few: they hold data of people, for the terminal only. */
  examples: Row[];
  /** Shows all that were kept. */
  query: string;
}
