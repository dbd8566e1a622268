/**
 * What touched a key: the parts of the model's state by which its rows are known to have changed.
 */
import type { BuildWork } from './build-work.ts';
import { partChanges } from '../changes/changes.ts';
import { distinctKeys, rowsOfKeys, TOUCHED_BY, type KeyTable } from './key-sql.ts';
import { rawTableName } from './raw-tables.ts';
import { isView, type ModelRelation, type Relation } from '../relation.ts';
import type { Parts } from '../store/state.ts';
import { workName } from '../store/store.ts';
import { makeWorkTable } from './work-table.ts';

/** A bit for each part of the state that differs, in their order; none where there are more than bits. */
export function marksOf({ parts }: BuildWork, { name }: ModelRelation, before: Parts): (part: string) => bigint {
  const differing = partChanges(before, parts.get(name) ?? before).map(({ part }) => part);
  return (part) => {
    const index = differing.indexOf(part);
    return index < 0 || index > 62 ? 0n : 1n << BigInt(index);
  };
}

/** The part of a state that stands for the rows of a relation. */
export function partOf(relation: Relation | undefined): string {
  const source = relation?.kind === 'model' ? relation.model.source : undefined;
  if (relation === undefined || source === undefined || !isView(relation)) return `build of ${relation?.name ?? ''}`;
  return rawTableName(source);
}

/**
 * Stores which of the touched keys have rows that changed, with what touched them, for those who ask why: a table of the
 * store. `changed`: SELECTs of rows of these keys.
 */
export function keepChangedKeys(
  { options, buildId }: BuildWork,
  relation: Relation,
  touched: KeyTable,
  changed: readonly string[],
): Promise<number> {
  const { columns } = touched;
  const names = columns.map((column) => column.name);
  const keys = distinctKeys(
    columns,
    changed.map((sql) => ({ sql, names })),
  );
  const outputs = [...columns, { name: TOUCHED_BY, type: 'bigint' as const }];
  const changedKeys = { ...touched, table: `(${keys}\n)` };
  return makeWorkTable(
    options.warehouse,
    workName(relation.name, buildId, 'changed'),
    rowsOfKeys(options.warehouse, `select * from ${touched.table}`, outputs, changedKeys, names),
    { isKept: true },
  );
}
