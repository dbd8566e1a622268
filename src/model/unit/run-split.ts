/**
 * The split test: the same rows in two loads give what they give in one.
 */
import type { CaseFailure } from './case-result.ts';
import { compareAll, promiseOf, type CaseRun } from './case-run.ts';
import { keptModel } from './kept-model.ts';
import { modelRows } from './one-load.ts';
import { firstPart } from './split.ts';

/** Null where there is nothing to split. */
export async function runSplit({ warehouse, compiled, model, unit, given }: CaseRun): Promise<CaseFailure[] | null> {
  if (unit.cte !== undefined) return null;
  // the last step that has something to split
  const [parts] = given.toReversed().flatMap((all) => {
    const first = firstPart(compiled, model, all);
    return first === null ? [] : [{ all, first }];
  });
  if (parts === undefined) return null;
  const { all, first } = parts;
  const kept = keptModel(warehouse, compiled, model, { asTable: true });
  const { file, line } = unit;
  try {
    await kept.load(first);
    // what was not done in part has nothing to show
    if ((await kept.load(all)).ran === 'full') return null;
    const differences = compareAll(model, await modelRows(warehouse, compiled, model, all), await kept.rows());
    if (differences.length === 0) return [];
    const message = 'split test: the same rows in two loads, every other one first, give other rows than in one';
    return [{ file, line, message: `${message}. ${promiseOf(model)}`, differences }];
  } finally {
    await kept.drop();
  }
}
