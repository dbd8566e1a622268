/**
 * Where all touched keys come from one parent that has one row per key at most, its rows of these keys are those that came:
 * it need not be looked through. The build tests the parent's grain. The model may have had rows of these keys all the same,
 * from a list or a constant.
 */
import { identifier } from '../../warehouse/sql.ts';
import { unionAll } from './bind.ts';
import type { BuildWork } from './build-work.ts';
import type { KeyTable } from './key-sql.ts';
import { carriedKey } from '../compile/keys.ts';
import type { ModelRelation } from '../relation.ts';

/** A parent's rows of the touched keys. */
export interface RowsThatCame {
  parent: string;
  sql: string;
}

/** The touched keys, and what is known of their rows. */
export interface TouchedKeys extends KeyTable {
  came?: RowsThatCame;
}

/** `touching`: the rows by which keys are touched; `of` the parent whose own rows they are, `isNew` those it has now. */
export function rowsThatCame(
  { compiled, prepared, options }: BuildWork,
  relation: ModelRelation,
  touching: readonly { sql: string; of?: string; isNew?: boolean }[],
): RowsThatCame | undefined {
  const { warehouse } = options;
  const [first] = touching;
  const parent = compiled.byName.get(first?.of ?? '');
  if (parent === undefined || touching.some(({ of }) => of !== parent.name)) return undefined;
  const names = carriedKey(relation, parent) ?? [];
  const isOne = parent.grain.length > 0 && parent.grain.every((name) => names.includes(name));
  const isTested = prepared.plan.relations.some(({ name, action }) => name === parent.name && action === 'run');
  if (!isOne || !isTested) return undefined;
  const now = unionAll(
    touching.flatMap(({ sql, isNew = false }) => (isNew ? [sql] : [])),
    parent.columns,
  );
  // json comes as text
  const outputs = parent.columns.map(({ name, type }) => {
    const one = identifier(name);
    return type === 'json' ? `cast(${one} as ${warehouse.typeName(type)}) as ${one}` : one;
  });
  return {
    parent: parent.name,
    sql: `select ${outputs.join(', ')} from (${now}\n) as came`,
  };
}
