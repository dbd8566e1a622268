/**
 * What a build did to the tables of relations, so far.
 */
import type { Delta } from './deltas.ts';
import type { KeyTable } from './key-sql.ts';

export type TableState =
  /** Asked, and found to be as before. */
  | { kind: 'kept' }
  /** A new table. `isForced`: made whatever changed, so nobody asks what did. */
  | { kind: 'rebuilt'; isForced: boolean }
  /** The published table less the rows of the changed keys, plus those of `fresh`; not yet applied to it. */
  | { kind: 'updated'; delta: Delta; changed: KeyTable; fresh: string };

/** By relation; one that is not in it was not touched. */
export type TableStates = Map<string, TableState>;
