/**
 * The split test: the same rows in two loads give what they give in one.
 */
import type { Row } from '../../warehouse/types.ts';
import type { RunMode } from '../build/build-options.ts';
import type { CaseFailure } from './case-result.ts';
import { compareAll, promiseOf, type CaseRun } from './case-run.ts';
import type { Given } from './given.ts';
import { keptModel } from './kept-model.ts';
import { modelRows } from './one-load.ts';
import { firstPart } from './split.ts';

/** Null where there is nothing to split. */
export async function runSplit(run: CaseRun): Promise<CaseFailure[] | null> {
  const { warehouse, compiled, model, shown, unit, given } = run;
  if (unit.cte !== undefined) return null;
  // the last step that has something to split
  const [parts] = given.toReversed().flatMap((all) => {
    const first = firstPart(compiled, model, all);
    return first === null ? [] : [{ all, first }];
  });
  if (parts === undefined) return null;
  const { all, first } = parts;
  // what a ledger froze, and what was noted, depends on the loads; components do not
  const isOfComponents = shown.kind === 'components';
  const loaded = async (...loads: Given[]): Promise<{ ran: RunMode; rows: Row[] }> => {
    const kept = keptModel(warehouse, compiled, run, { asTable: !isOfComponents });
    try {
      let ran: RunMode = 'full';
      for (const load of loads) ({ ran } = await kept.load(load));
      return { ran, rows: await kept.rows() };
    } finally {
      await kept.drop();
    }
  };
  const { file, line } = unit;
  const inTwo = await loaded(first, all);
  // what was not done in part has nothing to show
  if (inTwo.ran === 'full') return null;
  const inOne = isOfComponents ? (await loaded(all)).rows : await modelRows(warehouse, compiled, model, all);
  const differences = compareAll(isOfComponents ? shown : model, inOne, inTwo.rows);
  if (differences.length === 0) return [];
  const message = 'split test: the same rows in two loads, every other one first, give other rows than in one';
  return [{ file, line, message: `${message}. ${promiseOf(model)}`, differences }];
}
