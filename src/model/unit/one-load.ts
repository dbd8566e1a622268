/**
 * The rows a model gives for given rows, in one query; and those of one of its common table expressions.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import type { Column, Row } from '../../warehouse/types.ts';
import { bindModel, nameFunctions, preludeOf } from '../build/bind.ts';
import type { InputRow } from '../contract.ts';
import { storedNaming } from '../store/library.ts';
import type { CompiledProject, ModelRelation } from '../relation.ts';
import { rowsSelect } from '../build/rows.ts';
import { columnsGiven } from './check-case.ts';
import { commonTableSql } from './cte.ts';
import type { Given } from './given.ts';

/** All columns of the model. */
export function modelRows(
  warehouse: Warehouse,
  compiled: CompiledProject,
  model: ModelRelation,
  given: Given,
): Promise<Row[]> {
  const { sql } = model.model;
  return warehouse.query(boundSql(warehouse, compiled, model, given, { sql, columns: model.columns }));
}

/** The rows of one of its common table expressions, and the columns it turns out to have. */
export async function commonTableRows(
  warehouse: Warehouse,
  compiled: CompiledProject,
  model: ModelRelation,
  given: Given,
  name: string,
): Promise<{ rows: Row[]; columns: Column[] }> {
  const own = commonTableSql(model.model.sql, name);
  const columns = await warehouse.describeQuery(boundSql(warehouse, compiled, model, given, { ...own, columns: null }));
  return { rows: await warehouse.query(boundSql(warehouse, compiled, model, given, { ...own, columns })), columns };
}

// --- internal ---

function boundSql(
  warehouse: Warehouse,
  compiled: CompiledProject,
  model: ModelRelation,
  given: Given,
  own: { sql: string; columns: readonly Column[] | null; head?: number },
): string {
  const { sql, columns, head = Infinity } = own;
  const shadows = [...given].flatMap(([name, rows]) => {
    // only what comes from the model reads the others
    const read = columnsGiven(compiled, { model, shown: model }, name);
    if (read === null) return [];
    const values = rows.map((row): InputRow => row.values);
    return [{ name, sql: rowsSelect(warehouse, name, read, values) }];
  });
  const calls = model.parsed.calls.filter(({ offset }) => offset < head);
  const naming = storedNaming(compiled.library);
  if (columns === null) return `${preludeOf(shadows)}select * from (\n${nameFunctions(sql, calls, naming)}\n) as model`;
  return bindModel(warehouse, { sql, calls, columns }, shadows, naming);
}
