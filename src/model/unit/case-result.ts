/**
 * What came of a case.
 */
import type { RunMode } from '../build/build-options.ts';
import type { Difference } from './diff.ts';
import type { CasePlace } from './unit-case.ts';

export interface CaseFailure extends CasePlace {
  /** One sentence. */
  message: string;
  differences: Difference[];
}

export interface CaseResult extends CasePlace {
  model: string;
  name: string;
  description: string;
  origin: string;
  /** `invalid`: its files are wrong, nothing is said about the model. `skipped`: a model of the other engine. */
  status: 'passed' | 'failed' | 'invalid' | 'skipped';
  failures: CaseFailure[];
  /** How each of its steps was built, where it has more than one and a model with a key. */
  ran: RunMode[];
  /** Whether its rows were also fed in two loads. */
  isSplit: boolean;
  milliseconds: number;
}
