/**
 * The rows that a build takes out of its tables and puts in, kept for those who ask why a number changed.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import type { ModelRun } from '../build/build-options.ts';
import type { BuildWork } from '../build/build-work.ts';
import { storeDelta } from '../build/deltas.ts';
import { changedParts } from '../compile/parts.ts';
import type { Relation } from '../relation.ts';
import { physicalName, STORE, workName } from '../store/store.ts';
import { tableSelect } from '../build/table-state.ts';

/** Rows removed and added of a relation, which are in the store. */
export interface KeptRows {
  removed: number;
  added: number;
}

/**
 * By relation. A table updated in place has its rows from the update; one that was built whole because of data is compared
 * with the one before. Of a table whose definition changed, that was never built, or that was asked to be built whole
 * there are only the rows that its readers had to know.
 */
export async function keepDeltas(work: BuildWork, runs: ReadonlyMap<string, ModelRun>): Promise<Map<string, KeptRows>> {
  const { options, compiled, states, buildId } = work;
  const { warehouse } = options;
  const kept = new Map<string, KeptRows>();
  const stored = new Set((await warehouse.relations(STORE)).map(({ name }) => name));
  for (const [name, state] of states) {
    const relation = compiled.byName.get(name);
    if (relation === undefined) continue;
    const table = (kind: 'removed' | 'added'): string => workName(name, buildId, kind);
    if (state.kind === 'updated') {
      const run = runs.get(name);
      if (stored.has(table('added'))) kept.set(name, { removed: run?.removed ?? 0, added: run?.written ?? 0 });
    } else if (state.kind === 'rebuilt') {
      const rows = stored.has(table('added'))
        ? { removed: await count(warehouse, table('removed')), added: await count(warehouse, table('added')) }
        : await compared(work, relation);
      if (rows === null) continue;
      if (rows.removed + rows.added <= MOST) kept.set(name, rows);
      else for (const kind of ['removed', 'added'] as const) await drop(warehouse, table(kind));
    }
  }
  return kept;
}

// --- internal ---

/** Rows above which the change of a table built whole is not kept. */
const MOST = 1_000_000;

async function compared(
  { options, prepared, parts, buildId }: BuildWork,
  relation: Relation,
): Promise<KeptRows | null> {
  const { name, columns } = relation;
  const before = prepared.published.get(name);
  const now = parts.get(name);
  if (before === undefined || before.physical === null || now === undefined || prepared.forced.has(name)) return null;
  if (changedParts(before.parts, now).definition.length > 0) return null;
  if (JSON.stringify(before.columns) !== JSON.stringify(columns.map(({ name: own, type }) => ({ name: own, type }))))
    return null;
  const selects = {
    old: tableSelect(relation, before.physical),
    now: tableSelect(relation, physicalName(name, buildId)),
  };
  const delta = await storeDelta(options.warehouse, relation, selects, (kind) => workName(name, buildId, kind));
  return { removed: delta.removedRows, added: delta.addedRows };
}

async function count(warehouse: Warehouse, name: string): Promise<number> {
  const [row] = await warehouse.query<{ rows: number }>(
    `select count(*) as rows from ${qualified({ schema: STORE, name })}`,
  );
  return row?.rows ?? 0;
}

async function drop(warehouse: Warehouse, name: string): Promise<void> {
  await warehouse.execute(`drop table if exists ${qualified({ schema: STORE, name })}`);
}
