/**
 * Making one relation's table.
 */
import { RevopsError, isRevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { identifiers, qualified } from '../../warehouse/sql.ts';
import type { InputRow } from '../contract.ts';
import { isView, type Relation } from '../relation.ts';
import { rowsSelect } from './rows.ts';
import type { Selects } from './selects.ts';
import { STORE } from '../store/store.ts';
import { learn } from './work-table.ts';

/** Rows of one INSERT of given rows. */
const BATCH = 500;

/** Makes the relation's table of this build and counts its rows; a view has none, and is not counted. */
export async function runRelation(
  warehouse: Warehouse,
  selects: Selects,
  relation: Relation,
  rows: readonly InputRow[],
): Promise<number | null> {
  const table = selects.physical(relation.name);
  if (isView(relation) || table === null) return null;
  const target = qualified({ schema: STORE, name: table });
  try {
    const written =
      relation.kind === 'input'
        ? await writeRows(warehouse, target, relation, rows)
        : await warehouse.execute(`create table ${target} as ${selects.definition(relation)}`);
    await learn(warehouse, target, written);
    return written;
  } catch (error) {
    throw cannotBuild(relation, error);
  }
}

/** What a failing statement means for the build. */
export function cannotBuild(relation: Relation, error: unknown): unknown {
  if (!isRevopsError(error, 'WAREHOUSE_FAILED')) return error;
  const { schema, name, file } = relation;
  return new RevopsError('BUILD_FAILED', `${file}: ${schema}.${name} cannot be built: ${error.message}`, {
    hint: 'Nothing was published; readers keep the last good state.',
    retryable: error.retryable,
    cause: error,
  });
}

// --- internal ---

async function writeRows(
  warehouse: Warehouse,
  target: string,
  relation: Relation,
  rows: readonly InputRow[],
): Promise<number> {
  const { name, columns } = relation;
  await warehouse.execute(`create table ${target} as ${rowsSelect(warehouse, name, columns, [])}`);
  for (let from = 0; from < rows.length; from += BATCH) {
    const select = rowsSelect(warehouse, name, columns, rows.slice(from, from + BATCH));
    await warehouse.execute(`insert into ${target} (${identifiers(columns.map((column) => column.name))}) ${select}`);
  }
  return rows.length;
}
