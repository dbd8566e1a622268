/**
 * The rows that a build takes out of its tables and puts in, kept for those who ask why a number changed.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from '../build/build-work.ts';
import { DELTA, storeDelta } from '../build/delta-table.ts';
import type { Change } from '../build/deltas.ts';
import { changedParts } from '../compile/parts.ts';
import type { Relation } from '../relation.ts';
import { physicalName, STORE, workName } from '../store/store.ts';
import { tableSelect } from '../build/table-state.ts';

/** Rows removed and added of a relation, which are in the store where there are any. */
export interface KeptRows {
  removed: number;
  added: number;
}

/**
 * By relation. A table updated in place has its rows from the update; one that was built whole because of data is compared
 * with the one before. Of a table whose definition changed, that was never built, or that was asked to be built whole
 * there are only the rows that its readers had to know.
 */
export async function keepDeltas(work: BuildWork): Promise<Map<string, KeptRows>> {
  const { options, compiled, states, deltas, buildId } = work;
  const kept = new Map<string, KeptRows>();
  for (const [name, state] of states) {
    const relation = compiled.byName.get(name);
    if (relation === undefined) continue;
    if (state.kind === 'updated') kept.set(name, rowsOf(state.delta));
    else if (state.kind === 'rebuilt') {
      const change = (await deltas.ofRebuilt(name)) ?? (await compared(work, relation));
      if (change === 'unknown') continue;
      const rows = rowsOf(change);
      if (rows.removed + rows.added <= MOST) kept.set(name, rows);
      else await drop(options.warehouse, workName(name, buildId, DELTA));
    }
  }
  return kept;
}

// --- internal ---

/** Rows above which the change of a table built whole is not kept. */
const MOST = 1_000_000;

async function compared({ options, prepared, parts, buildId }: BuildWork, relation: Relation): Promise<Change> {
  const { name, columns } = relation;
  const before = prepared.published.get(name);
  const now = parts.get(name);
  if (before === undefined || before.physical === null || now === undefined || prepared.forced.has(name))
    return 'unknown';
  if (changedParts(before.parts, now).definition.length > 0) return 'unknown';
  if (JSON.stringify(before.columns) !== JSON.stringify(columns.map(({ name: own, type }) => ({ name: own, type }))))
    return 'unknown';
  const selects = {
    old: tableSelect(relation, before.physical),
    now: tableSelect(relation, physicalName(name, buildId)),
  };
  return storeDelta(options.warehouse, relation, selects, workName(name, buildId, DELTA));
}

function rowsOf(change: Exclude<Change, 'unknown'>): KeptRows {
  return change === 'none' ? { removed: 0, added: 0 } : { removed: change.removedRows, added: change.addedRows };
}

async function drop(warehouse: Warehouse, name: string): Promise<void> {
  await warehouse.execute(`drop table if exists ${qualified({ schema: STORE, name })}`);
}
