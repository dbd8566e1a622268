/**
 * Tests of rows by themselves, counted together: one look at the rows instead of one per test.
 */
import { isRevopsError } from '../../errors.ts';
import { nameFunctions } from './bind.ts';
import type { BuildWork } from './build-work.ts';
import type { CompiledTest, Relation } from '../relation.ts';
import { wrongRow } from './test-sql.ts';
import { rowsToTest } from './tested-rows.ts';

/**
 * The indexes of a relation's tests that a look at the rows did not see pass: those that found a row, those that look at
 * more than rows by themselves, and all where looking failed, so that each tells for itself.
 */
export async function testsLeft(work: BuildWork, relation: Relation, hasPassed: boolean): Promise<number[]> {
  const together = new Map<string, { index: number; condition: string }[]>();
  for (const [index, compiled] of relation.tests.entries()) {
    const condition = conditionOf(work, relation, compiled);
    if (condition === null) continue;
    const rows = (hasPassed ? await rowsToTest(work, relation, compiled) : null) ?? work.selects.reading(relation.name);
    together.set(rows, [...(together.get(rows) ?? []), { index, condition }]);
  }
  const passed = new Set<number>();
  for (const [rows, tests] of together) {
    const counts = await countsOf(work, rows, tests);
    for (const { index } of tests) if (counts?.[`test_${index}`] === 0) passed.add(index);
  }
  return [...relation.tests.keys()].filter((index) => !passed.has(index));
}

// --- internal ---

/** What makes a row fail the test; null where the test reads anything else. */
function conditionOf(
  { selects }: BuildWork,
  relation: Relation,
  { test, reads, whereCalls }: CompiledTest,
): string | null {
  const wrong = wrongRow(test, relation.columns);
  if (wrong === null || reads.length > 0) return null;
  if (test.where === undefined) return wrong;
  return `(${nameFunctions(test.where, whereCalls, selects.naming)}\n) and (${wrong})`;
}

/** Failing rows by test; null where they cannot be counted. */
async function countsOf(
  { options }: BuildWork,
  rows: string,
  tests: readonly { index: number; condition: string }[],
): Promise<Record<string, number> | null> {
  const counts = tests.map(({ index, condition }) => `count(*) filter (where ${condition}) as test_${index}`);
  try {
    const [counted] = await options.warehouse.query<Record<string, number>>(
      `select ${counts.join(', ')} from (${rows}\n) as tested_rows`,
    );
    return counted ?? null;
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    return null;
  }
}
