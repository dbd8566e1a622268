/**
 * A keyed model brought up to date in part: the same SQL over what its parents hold of the touched keys. Nothing readers
 * see is changed here; publishing applies it.
 */
import { qualified } from '../../warehouse/sql.ts';
import type { BuildWork } from './build-work.ts';
import { DELTA, storeDelta } from './delta-table.ts';
import { rowsOfKeys } from './key-sql.ts';
import { keyColumns } from '../compile/keys.ts';
import type { ModelRelation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { STORE, workName } from '../store/store.ts';
import { tableSelect, type UpdatedTable } from './table-state.ts';
import { keepChangedKeys } from './touched-by.ts';
import { definitionOfKeys, touchedKeys } from './touched-keys.ts';
import { makeWorkTable } from './work-table.ts';

export type Update =
  | { kind: 'unchanged' }
  /** `read`: rows computed of the touched keys. */
  | { kind: 'updated'; state: UpdatedTable; rows: number; read: number; written: number; removed: number }
  /** It has to be built whole, for that reason. */
  | { kind: 'full'; because: string };

/** Computes the update of a model whose published table is `physical`, made from `before`. */
export async function updateRelation(
  work: BuildWork,
  relation: ModelRelation,
  physical: string,
  before: Parts,
): Promise<Update> {
  const { warehouse } = work.options;
  const table = tableSelect(relation, physical);
  const touched = await touchedKeys(work, relation, before, table);
  if (touched.kind === 'none') return { kind: 'unchanged' };
  if (touched.kind === 'all') return { kind: 'full', because: touched.because };
  const keys = keyColumns(relation);
  const names = keys.map((column) => column.name);
  const place = (kind: string): string => workName(relation.name, work.buildId, kind);
  const store = (kind: string, select: string): Promise<number> => makeWorkTable(warehouse, place(kind), select);

  const oldRows = await store('old', rowsOfKeys(warehouse, table, relation.columns, touched.keys, names));
  const { rows, isMost } = touched;
  if (isMost(oldRows)) return { kind: 'full', because: `${oldRows} of ${rows} rows touched` };
  const read = await store('fresh', definitionOfKeys(work, relation, touched.keys));
  const sides = { old: tableSelect(relation, place('old')), now: tableSelect(relation, place('fresh')) };
  const delta = await storeDelta(warehouse, relation, sides, place(DELTA));
  if (delta.removedRows + delta.addedRows === 0) return { kind: 'unchanged' };
  await keepChangedKeys(work, relation, touched.keys, [delta.removed, delta.added]);
  const keyTable = { ...touched.keys, table: qualified({ schema: STORE, name: place('changed') }) };
  // where there was no row of a touched key, none has to be looked for and taken out
  const changed = oldRows === 0 ? null : keyTable;
  return {
    kind: 'updated',
    state: { kind: 'updated', delta, changed, fresh: place('fresh') },
    rows: rows - delta.removedRows + delta.addedRows,
    read,
    written: delta.addedRows,
    removed: delta.removedRows,
  };
}
