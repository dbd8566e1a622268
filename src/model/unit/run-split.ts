/**
 * The split test: the same rows in two loads give what they give in one.
 */
import type { CaseFailure } from './case-result.ts';
import { compareAll, promiseOf, type CaseRun } from './case-run.ts';
import type { Difference } from './diff.ts';
import { keptModel } from './kept-model.ts';
import { modelRows } from './one-load.ts';
import { firstPart } from './split.ts';

/** Null where there is nothing to split. */
export async function runSplit({ warehouse, compiled, model, unit, given }: CaseRun): Promise<CaseFailure[] | null> {
  const all = given.at(-1);
  const first = all === undefined || unit.cte !== undefined ? null : firstPart(compiled, model, all);
  if (all === undefined || first === null) return null;
  const kept = keptModel(warehouse, compiled, model);
  const { file, line } = unit;
  const failure = (message: string, differences: Difference[]): CaseFailure[] =>
    differences.length === 0
      ? []
      : [{ file, line, message: `split test: ${message}. ${promiseOf(model)}`, differences }];
  try {
    await kept.load(first);
    const before = await kept.rows();
    if ((await kept.load(all)).ran === 'full') return null;
    const whole = await modelRows(warehouse, compiled, model, all);
    const added = compareAll(model, whole, await kept.rows());
    await kept.load(first);
    const taken = compareAll(model, before, await kept.rows());
    return [
      ...failure('the same rows in two loads, every other one first, give other rows than in one', added),
      ...failure('every other row given and taken away again leaves other rows than there were', taken),
    ];
  } finally {
    await kept.drop();
  }
}
