/**
 * Data tests on what a build made, before anybody sees it.
 */
import { RevopsError, isRevopsError } from '../../errors.ts';
import type { Warehouse } from '../../warehouse/contract.ts';
import { qualified } from '../../warehouse/sql.ts';
import { nameFunctions, preludeOf } from './bind.ts';
import type { BuildWork } from './build-work.ts';
import type { CompiledTest, Relation } from '../relation.ts';
import type { Selects } from './selects.ts';
import { failingName, STORE } from '../store/store.ts';
import { argumentsRow, testedRows } from './test-sql.ts';
import type { TestFailure } from './test-failure.ts';
import { rowsToTest } from './tested-rows.ts';

/** Failing rows kept per test. */
const KEPT = 1_000;
const SHOWN = 5;

/**
 * Runs one test; null where no row fails. Failing rows are kept in the store. `hasPassed`: the rows that are published have
 * passed it.
 */
export async function runTest(
  work: BuildWork,
  relation: Relation,
  index: number,
  hasPassed: boolean,
): Promise<TestFailure | null> {
  const { options, selects, buildId } = work;
  const { warehouse } = options;
  const compiled = relation.tests[index];
  if (compiled === undefined) return null;
  const { test, label } = compiled;
  const rows = hasPassed ? await rowsToTest(work, relation, compiled) : null;
  const failing = failingSelect(warehouse, selects, compiled, rows ?? selects.reading(relation.name));
  try {
    const [counted] = await warehouse.query<{ failing: number }>(
      `select count(*) as failing from (${failing}\n) as failing_rows`,
    );
    const count = counted?.failing ?? 0;
    if (count === 0) return null;
    const table = qualified({ schema: STORE, name: failingName(relation.name, index + 1, buildId) });
    await warehouse.execute(`drop table if exists ${table}`);
    await warehouse.execute(`create table ${table} as select * from (${failing}\n) as failing_rows limit ${KEPT}`);
    const examples = await warehouse.query(`select * from ${table} limit ${SHOWN}`);
    const { name, schema, file } = relation;
    const query = `select * from ${table.replaceAll('"', '')}`;
    return {
      relation: name,
      schema,
      test: label,
      severity: test.severity,
      file,
      line: test.line ?? 1,
      count,
      examples,
      query,
    };
  } catch (error) {
    if (!isRevopsError(error, 'WAREHOUSE_FAILED')) throw error;
    throw new RevopsError(
      'BUILD_FAILED',
      `${relation.file}:${test.line ?? 1}: the test ${label} of ${relation.name} cannot run: ${error.message}`,
      {
        hint: 'Nothing was published.',
        retryable: error.retryable,
        cause: error,
      },
    );
  }
}

/** What a build that found error-severity failures ends on. */
export function auditFailed(failures: readonly TestFailure[]): RevopsError {
  const lines = failures.map(
    ({ schema, relation, test, count, file, line, query }) =>
      `${file}:${line}: ${schema}.${relation} fails ${test}: ${count} rows. See: ${query}`,
  );
  return new RevopsError(
    'AUDIT_FAILED',
    `${failures.length === 1 ? 'a data test' : `${failures.length} data tests`} failed; nothing was published\n${lines.join('\n')}`,
    {
      hint: 'Readers keep the last good state. Correct the data or the model, then build again.',
    },
  );
}

// --- internal ---

function failingSelect(warehouse: Warehouse, selects: Selects, compiled: CompiledTest, rows: string): string {
  const { test, whereCalls } = compiled;
  const tested =
    test.where === undefined ? test : { ...test, where: nameFunctions(test.where, whereCalls, selects.naming) };
  const shadows = [
    ...compiled.reads.map((name) => ({ name, sql: selects.reading(name) })),
    { name: 'arguments', sql: argumentsRow(compiled.test, warehouse.typeName) },
    { name: 'model', sql: testedRows(tested, rows) },
  ];
  return `${preludeOf(shadows)}select * from (\n${nameFunctions(compiled.sql, compiled.calls, selects.naming)}\n) as failing`;
}
