/**
 * The rows a step gives, and those it should give.
 */
import type { Warehouse } from '../../warehouse/contract.ts';
import type { Column, Row } from '../../warehouse/types.ts';
import type { InputRow } from '../contract.ts';
import { didYouMean } from '../../nearest.ts';
import { rowsSelect } from '../build/rows.ts';
import type { CaseRun } from './case-run.ts';
import type { ExpectedRow } from './diff.ts';
import type { Given } from './given.ts';
import { commonTableRows, modelRows } from './one-load.ts';
import type { CaseStep } from './unit-case.ts';
import { UnfitRows } from './unfit-rows.ts';

/**
 * The rows found and expected at a step, in the types that their columns have. What comes from a model is found by `load`
 * alone.
 */
export async function rowsOf(
  { warehouse, compiled, model, shown, unit }: CaseRun,
  given: Given,
  step: CaseStep,
  load: () => Promise<Row[]>,
): Promise<{ rows: Row[]; expected: ExpectedRow[]; columns: readonly Column[] }> {
  const [first] = step.expect.rows;
  const listed = first === undefined ? null : Object.keys(first.values);
  const { cte } = unit;
  const whole = (): Promise<Row[]> => modelRows(warehouse, compiled, model, given);
  const { rows, columns } =
    cte === undefined
      ? { rows: await (shown === model ? whole() : load()), columns: shown.columns }
      : await commonTableRows(warehouse, compiled, model, given, cte);
  const names = columns.map((column) => column.name);
  const unknown = [...(listed ?? []), ...Object.keys(unit.only)].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const { file, line } = first ?? step.expect;
    const message = `${cte ?? shown.name} has no column ${unknown}${didYouMean(unknown, names)}`;
    throw new UnfitRows([{ file, line, message }]);
  }
  // nothing expected: a row that is there all the same is shown by what identifies it
  const compared =
    listed === null
      ? columns.filter(({ name }) => cte !== undefined || shown.grain.length === 0 || shown.grain.includes(name))
      : columns.filter(({ name }) => listed.includes(name));
  return { rows, expected: await expectedRows(warehouse, compared, step), columns: compared };
}

// --- internal ---

async function expectedRows(warehouse: Warehouse, columns: readonly Column[], step: CaseStep): Promise<ExpectedRow[]> {
  const written = step.expect.rows;
  const rows = written.map(({ values }, index): InputRow => ({ ...values, [NUMBER.name]: index }));
  const typed = await warehouse.query(rowsSelect(warehouse, 'expect', [...columns, NUMBER], rows));
  return typed
    .toSorted((a, b) => Number(a[NUMBER.name]) - Number(b[NUMBER.name]))
    .map(({ [NUMBER.name]: number, ...row }): ExpectedRow => {
      const place = written[Number(number)];
      return { row, ...(place === undefined ? {} : { place: { file: place.file, line: place.line } }) };
    });
}

/** The engine gives rows in any order; their number leads back to the file. */
const NUMBER: Column = { name: 'number_of_expected_row', type: 'integer' };
