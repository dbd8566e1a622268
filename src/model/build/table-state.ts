/**
 * What a build did to the tables of relations, so far.
 */
import type { Session } from '../../warehouse/contract.ts';
import { identifier, qualified } from '../../warehouse/sql.ts';
import type { KeyTable } from './key-sql.ts';
import type { Relation } from '../relation.ts';
import { STORE } from '../store/store.ts';

/** SELECTs of the rows that are gone and of those that came, and how many there are; json as text. */
export interface Delta {
  removed: string;
  added: string;
  removedRows: number;
  addedRows: number;
}

export type TableState =
  /** Asked, and found to be as before. */
  | { kind: 'kept' }
  /** A new table. `isForced`: made whatever changed, so nobody asks what did. */
  | { kind: 'rebuilt'; isForced: boolean }
  /** The published table less the rows of the changed keys, plus those of `fresh`; not yet applied to it. */
  | UpdatedTable;

export interface UpdatedTable {
  kind: 'updated';
  delta: Delta;
  /** Null where nothing goes, and all rows of `fresh` come. */
  changed: KeyTable | null;
  fresh: string;
  /** Columns of the tables that nobody sees. */
  hidden?: readonly string[];
  /** What else is written down when it is applied. */
  record?(session: Session): Promise<void>;
}

/** By relation; one that is not in it was not touched. */
export type TableStates = Map<string, TableState>;

/** The rows of one of a relation's tables. */
export function tableSelect(relation: Relation, table: string): string {
  return `select ${relation.columns.map(({ name }) => identifier(name)).join(', ')} from ${qualified({ schema: STORE, name: table })}`;
}
