/**
 * What the engine writes down while it makes a relation: rows of a table that is only ever appended to.
 */
import type { BuildWork } from '../build/build-work.ts';
import { DELTA, storeAdded } from '../build/delta-table.ts';
import { ensureColumns } from '../ledger/ledger-store.ts';
import type { Relation } from '../relation.ts';
import { keptName, workName } from './store.ts';
import { tableSelect } from '../build/table-state.ts';
import { makeWorkTable } from '../build/work-table.ts';

/** The relation's table as it is, made where it is not there. */
export async function ensureLog({ options, compiled }: BuildWork, name: string): Promise<Relation> {
  const relation = compiled.byName.get(name);
  if (relation === undefined) throw new TypeError(`${name} is not compiled`);
  await ensureColumns(options.warehouse, keptName(name), relation.columns);
  return relation;
}

/** Notes that publishing puts these rows into the log; `select` has its columns. */
export async function appendToLog(work: BuildWork, relation: Relation, select: string): Promise<void> {
  const { options, states, buildId } = work;
  const { name } = relation;
  const fresh = workName(name, buildId, 'fresh');
  await makeWorkTable(options.warehouse, fresh, select);
  const delta = await storeAdded(
    options.warehouse,
    relation,
    tableSelect(relation, fresh),
    workName(name, buildId, DELTA),
  );
  states.set(name, { kind: 'updated', changed: null, fresh, delta });
}
