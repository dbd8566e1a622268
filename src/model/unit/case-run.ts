/**
 * What the parts of running a case share.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import type { Row } from '../../warehouse/types.ts';
import { keyColumns } from '../compile/keys.ts';
import type { CompiledProject, ModelRelation, Relation } from '../relation.ts';
import { compareRows, type Difference, type ExpectedRow } from './diff.ts';
import type { Given } from './given.ts';
import type { Tested } from './tested.ts';
import type { UnitCase } from './unit-case.ts';

export interface CaseRun extends Tested {
  warehouse: Warehouse;
  compiled: CompiledProject;
  unit: UnitCase;
  /** By step. */
  given: Given[];
}

/** All rows of a relation compared with those another way gives. */
export function compareAll(shown: Relation, expected: readonly Row[], found: readonly Row[]): Difference[] {
  const columns = shown.columns.map(({ name }) => name);
  const rows = expected.map((row): ExpectedRow => ({ row }));
  return compareRows(rows, found, { columns, identity: shown.grain, tolerance: COMPUTED });
}

/** What to look at where the two ways differ. */
export function promiseOf(model: ModelRelation): string {
  const key = keyColumns(model).map(({ name }) => name);
  return `Do rows of one ${key.join(', ')} come from rows of that value alone? That is what the key promises`;
}

// --- internal ---

/** Two ways to the same sum differ in its last digits at most. */
const COMPUTED = 1e-9;
