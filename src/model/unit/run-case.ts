/**
 * Runs a case: every step's rows against what is expected, the engine's increments against the whole query, and the split
 * test.
 */
import { isRevopsError, messageOf } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import type { CompiledProject } from '../relation.ts';
import type { CaseFailure, CaseResult } from './case-result.ts';
import { checkCase, isElsewhere } from './check-case.ts';
import type { CaseRun } from './case-run.ts';
import { givenOf } from './given.ts';
import { runSplit } from './run-split.ts';
import { runSteps } from './run-steps.ts';
import { testedBy } from './tested.ts';
import { UnfitRows } from './unfit-rows.ts';
import type { CaseProblem, UnitCase } from './unit-case.ts';

/**
 * Runs one case. The warehouse holds the store and the project's function library (`openCaseWarehouse`), and nothing
 * else: all other tables of the store are dropped. Never throws for what is wrong with case or model.
 */
export async function runCase(warehouse: Warehouse, compiled: CompiledProject, unit: UnitCase): Promise<CaseResult> {
  const start = performance.now();
  const { file, line, model: name, name: caseName, description, origin } = unit;
  const result = {
    file,
    line,
    model: name,
    name: caseName,
    description,
    origin,
    failures: [],
    ran: [],
    isSplit: false,
  };
  const end = (more: Partial<CaseResult> & Pick<CaseResult, 'status'>): CaseResult => ({
    ...result,
    ...more,
    milliseconds: performance.now() - start,
  });
  if (isElsewhere(compiled, unit)) return end({ status: 'skipped' });
  const problems = unit.problems.length > 0 ? unit.problems : checkCase(compiled, unit);
  const tested = testedBy(compiled, unit);
  if (problems.length > 0 || tested === null) return end({ status: 'invalid', failures: problems.map(failureOf) });
  const run: CaseRun = { warehouse, compiled, ...tested, unit, given: givenOf(compiled, tested, unit) };
  try {
    const { failures, ran } = await runSteps(run);
    const split = failures.length > 0 ? null : await runSplit(run);
    const all = [...failures, ...(split ?? [])];
    return end({ status: all.length > 0 ? 'failed' : 'passed', failures: all, ran, isSplit: split !== null });
  } catch (error) {
    if (error instanceof UnfitRows) return end({ status: 'invalid', failures: error.problems.map(failureOf) });
    if (!isRevopsError(error, 'WAREHOUSE_FAILED') && !isRevopsError(error, 'BUILD_FAILED')) throw error;
    const failure = { file, line, message: `${name} cannot run: ${messageOf(error)}`, differences: [] };
    return end({ status: 'failed', failures: [failure] });
  }
}

// --- internal ---

function failureOf({ file, line, message }: CaseProblem): CaseFailure {
  return { file, line, message, differences: [] };
}
