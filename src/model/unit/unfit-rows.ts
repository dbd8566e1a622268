/**
 * Which written rows a failing query is about.
 */
import { isRevopsError, messageOf } from '../../errors.ts';
import { rowsSelect } from '../rows.ts';
import type { CaseRun } from './case-run.ts';
import type { Given } from './given.ts';
import { givenSelect } from './one-load.ts';
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
    const { warehouse, compiled, model, unit } = run;
    const problems: CaseProblem[] = [];
    const tryRow = async (row: CaseRow, what: string, select: () => string): Promise<void> => {
      try {
        await warehouse.query(select());
      } catch (cause) {
        const { file, line } = row;
        problems.push({ file, line, message: `a row of ${what} does not fit its columns: ${messageOf(cause)}` });
      }
    };
    for (const [name, rows] of given)
      for (const row of rows) await tryRow(row, name, () => givenSelect(warehouse, compiled, model, name, [row]));
    if (unit.cte === undefined)
      for (const row of step.expect.rows)
        await tryRow(row, 'expect', () => rowsSelect(warehouse, 'expect', model.columns, [row.values]));
    throw problems.length > 0 ? new UnfitRows(problems) : error;
  }
}
