/**
 * Which written rows a failing query is about.
 */
import { isRevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import type { Column } from '../../warehouse/types.ts';
import { rowsSelect } from '../build/rows.ts';
import type { CaseRun } from './case-run.ts';
import { columnsGiven } from './check-case.ts';
import type { Given } from './given.ts';
import type { CaseProblem, CaseRow, CaseStep } from './unit-case.ts';

/** A value that its column cannot hold is a wrong case, not a wrong model. */
export class UnfitRows extends Error {
  readonly problems: CaseProblem[];

  constructor(problems: CaseProblem[]) {
    super('rows that do not fit');
    this.problems = problems;
  }
}

/** Does the work; where it fails because of a row that was written, throws UnfitRows instead. */
export async function diagnosed<T>(run: CaseRun, given: Given, step: CaseStep, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    const { warehouse, compiled, shown, unit } = run;
    const written = [
      ...[...given].map(([name, rows]) => ({ name, rows, columns: columnsGiven(compiled, run, name) ?? [] })),
      ...(unit.cte === undefined ? [{ name: 'expect', rows: step.expect.rows, columns: shown.columns }] : []),
    ];
    const problems: CaseProblem[] = [];
    for (const { name, rows, columns } of written)
      for (const row of rows) problems.push(...(await unfitValues(warehouse, name, columns, row)));
    throw problems.length > 0 ? new UnfitRows(problems) : error;
  }
}

// --- internal ---

async function unfitValues(
  warehouse: Warehouse,
  relation: string,
  columns: readonly Column[],
  { values, file, line }: CaseRow,
): Promise<CaseProblem[]> {
  const problems: CaseProblem[] = [];
  for (const [name, value] of Object.entries(values)) {
    const column = columns.find((one) => one.name === name);
    if (column === undefined || value === null) continue;
    try {
      await warehouse.query(rowsSelect(warehouse, relation, [column], [{ [name]: value }]));
    } catch (error) {
      if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
      problems.push({ file, line, message: `${relation}.${name}: ${JSON.stringify(value)} is no ${column.type}` });
    }
  }
  return problems;
}
