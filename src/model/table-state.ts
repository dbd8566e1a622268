/**
 * What a build did to the tables of relations, so far.
 */
import { identifier, qualified } from '../warehouse/sql.ts';
import type { KeyTable } from './key-sql.ts';
import type { Relation } from './relation.ts';
import { STORE } from './store.ts';

/** SELECTs of the rows that are gone and of those that came; json as text. */
export interface Delta {
  removed: string;
  added: string;
}

export type TableState =
  /** Asked, and found to be as before. */
  | { kind: 'kept' }
  /** A new table. `isForced`: made whatever changed, so nobody asks what did. */
  | { kind: 'rebuilt'; isForced: boolean }
  /** The published table less the rows of the changed keys, plus those of `fresh`; not yet applied to it. */
  | { kind: 'updated'; delta: Delta; changed: KeyTable; fresh: string };

/** By relation; one that is not in it was not touched. */
export type TableStates = Map<string, TableState>;

/** The rows of one of a relation's tables. */
export function tableSelect(relation: Relation, table: string): string {
  return `select ${relation.columns.map(({ name }) => identifier(name)).join(', ')} from ${qualified({ schema: STORE, name: table })}`;
}
